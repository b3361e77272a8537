/** The shapes of the API by the names the screens use. Times are RFC 3339 strings in UTC, ids are UUIDs. */
import type { components } from './schema';

type Schemas = components['schemas'];

/**
 * A value as the server answers it. The document has one `Part` for requests, which may leave out what is empty, and
 * for answers, which never do.
 */
export type Answered<T> = { [K in keyof T]: K extends 'parts' ? Part[] : Answered<T[K]> };

export type Platform = Schemas['Platform'];
export type Role = Schemas['Role'];
export type Permission = Schemas['Permission'];
export type Pagination = Schemas['Pagination'];

export interface Page<T> {
  data: T[];
  pagination: Pagination;
}

/** The body of every answer that is not a success; which details it has depends on the code. */
export interface ErrorBody {
  error: Omit<Schemas['Error'], 'details'> & { details?: Record<string, unknown> | null };
}

/** One of `details.fields` of `VALIDATION_FAILED`. */
export interface FieldProblem {
  path: string;
  code: string;
  message: string;
}

export type Me = Schemas['Me'];
export type AuthResponse = Schemas['AuthResponse'];
export type Member = Schemas['Member'];
export type Invitation = Schemas['Invitation'];
export type InvitationPreview = Schemas['InvitationPreview'];
export type ApiToken = Schemas['ApiToken'];

export type Network = Schemas['Network'];
export type Format = Schemas['Format'];
export type TextRules = Schemas['TextRules'];
export type MediaRules = Schemas['MediaRules'];
export type OptionField = Schemas['OptionField'];
/** The values of a format's options, by their keys. */
export type OptionValues = Record<string, unknown>;
export type ConnectField = Schemas['ConnectField'];
export type SocialAccount = Schemas['SocialAccount'];
export type QuotaUse = Schemas['QuotaUse'];
export type AccountStatus = Schemas['AccountStatus'];
/** What a network's consent lets one connect. */
export type AccountOffer = Schemas['AccountOffer'];
/** A network's developer app. */
export type NetworkApp = Schemas['NetworkApp'];
export type NetworkAppTest = Schemas['NetworkAppTest'];

export type Content = Schemas['Content'];
export type ContentType = Schemas['MediaType'];

/** parts[0] is the post, further parts are its thread. */
export type Part = Required<Schemas['Part']>;
export type PartMedia = Schemas['PartMedia'];
export type Post = Answered<Schemas['Post']>;
export type PostStatus = Schemas['PostStatus'];
export type StatusCount = Schemas['StatusCount'];
export type Target = Answered<Schemas['Target']>;
export type TargetStatus = Schemas['TargetStatus'];
export type TargetSettings = { format?: string | null; options?: OptionValues };
export type TargetInput = Omit<Answered<Schemas['NewTarget']>, 'settings'> & {
  settings: TargetSettings;
};

export type PreflightReport = Schemas['PreflightReport'];
export type PreflightProblem = Schemas['PreflightProblem'];

export type Attempt = Schemas['Attempt'];
export type AttemptStep = Schemas['AttemptStep'];
