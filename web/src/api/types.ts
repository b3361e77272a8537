/** The shapes of the API's answers, by the names the screens use. Times are RFC 3339 strings in UTC, ids are UUIDs. */

export type Platform = 'bluesky' | 'mastodon';

export type Role =
  'owner' | 'admin' | 'manager' | 'publisher' | 'contributor' | 'viewer' | 'programmer';

export type Permission =
  | 'posts:read'
  | 'posts:write'
  | 'posts:publish'
  | 'media:read'
  | 'media:write'
  | 'accounts:read'
  | 'accounts:manage'
  | 'members:read'
  | 'members:manage'
  | 'organization:read'
  | 'organization:manage'
  | 'tokens:manage';

export type PostStatus =
  'draft' | 'scheduled' | 'publishing' | 'published' | 'failed' | 'needs_attention' | 'cancelled';

/** A target can also have been removed from its network after it was published. */
export type TargetStatus = PostStatus | 'deleted';

export interface FieldProblem {
  path: string;
  code: string;
  message: string;
}

export interface ErrorBody {
  error: {
    code: string;
    message: string;
    details: Record<string, unknown> | null;
    timestamp: string;
    requestId: string;
  };
}

export interface Pagination {
  page: number;
  limit: number;
  total: number;
  totalPages: number;
}

export interface Page<T> {
  data: T[];
  pagination: Pagination;
}

export interface User {
  id: string;
  email: string;
  name: string;
  role: Role;
  avatarUrl: string | null;
}

export interface Organization {
  id: string;
  name: string;
  slug: string;
  /** IANA name, for instance "Europe/Berlin". */
  timeZone: string;
  missedPolicy: { publishLateWithinMinutes: number };
  createdAt: string;
}

export interface OrganizationRef {
  id: string;
  name: string;
  role: Role;
}

export interface Me {
  user: User;
  organization: Organization;
  organizations: OrganizationRef[];
  permissions: Permission[];
}

export interface AuthResponse {
  accessToken?: string;
  refreshToken?: string;
  /** Seconds. */
  expiresIn: number;
  csrfToken?: string;
  user: User;
}

export interface Member {
  id: string;
  email: string;
  name: string;
  role: Role;
  joinedAt: string;
}

export interface Invitation {
  id: string;
  email: string;
  role: Role;
  expiresAt: string;
  createdAt: string;
  invitedBy: string;
  url?: string;
}

export interface InvitationPreview {
  organizationName: string;
  email: string;
  role: Role;
  accountExists: boolean;
}

export interface ApiToken {
  id: string;
  name: string;
  kind: 'personal' | 'service';
  scopes: Permission[];
  hint: string;
  createdAt: string;
  lastUsedAt: string | null;
  expiresAt: string | null;
}

export interface ConnectField {
  name: string;
  label: string;
  placeholder: string;
  help: string;
  secret: boolean;
  required: boolean;
}

export interface NetworkLimits {
  maxCharacters: number;
  counting: 'graphemes' | 'mastodon';
  maxBytes: number | null;
  /** Every link counts as this many characters; null: as long as it is. */
  urlLength: number | null;
  maxImages: number;
  imageMaxBytes: number;
  imageTypes: string[];
  maxAltCharacters: number;
  maxThreadParts: number;
}

export interface Network {
  platform: Platform;
  name: string;
  connect: { kind: 'app_password' | 'oauth'; fields: ConnectField[] };
  limits: NetworkLimits;
  features: {
    threads: boolean;
    altText: boolean;
    delete: boolean;
    mentions: boolean;
    hashtags: boolean;
  };
}

export type AccountStatus = 'connected' | 'expired' | 'disconnected' | 'error';

export interface SocialAccount {
  id: string;
  platform: Platform;
  username: string;
  displayName: string;
  avatarUrl: string | null;
  profileUrl: string;
  serverUrl: string;
  status: AccountStatus;
  statusMessage: string | null;
  connectedAt: string;
  updatedAt: string;
  /** As learnt from that very server. */
  limits: NetworkLimits;
}

export type ContentType = 'image' | 'video' | 'audio' | 'document';

export interface Content {
  id: string;
  type: ContentType;
  title: string;
  description: string | null;
  altText: string | null;
  tags: string[];
  fileName: string;
  mimeType: string;
  /** Bytes. */
  fileSize: number;
  width: number | null;
  height: number | null;
  /** Seconds. */
  duration: number | null;
  fileUrl: string;
  thumbnailUrl: string | null;
  status: 'ready' | 'processing' | 'archived';
  createdAt: string;
  updatedAt: string;
}

export interface PartMedia {
  contentId: string;
  altText?: string;
}

/** parts[0] is the post, further parts are its thread. */
export interface Part {
  text: string;
  media: PartMedia[];
}

export interface TargetProblem {
  code: string;
  message: string;
  nextStep: 'retry_later' | 'reconnect' | 'edit' | 'decide' | 'none';
  retryAt: string | null;
}

export interface Target {
  id: string;
  socialAccountId: string;
  platform: Platform;
  accountName: string;
  status: TargetStatus;
  override: { parts: Part[] } | null;
  scheduledAt: string | null;
  publishedAt: string | null;
  platformPostId: string | null;
  platformPostUrl: string | null;
  problem: TargetProblem | null;
  attempts: number;
}

export interface Post {
  id: string;
  title: string | null;
  status: PostStatus;
  parts: Part[];
  /** All the contents the post refers to. */
  media: Content[];
  targets: Target[];
  scheduledAt: string | null;
  timeZone: string;
  createdBy: { id: string; name: string };
  createdAt: string;
  updatedAt: string;
  version: number;
}

export interface TargetInput {
  socialAccountId: string;
  override?: { parts: Part[] } | null;
}

export interface NewPost {
  title?: string | null;
  parts: Part[];
  targets: TargetInput[];
  timeZone?: string;
  scheduledAt?: string;
  /** Wall time "2026-11-22T09:00" in `timeZone`, else in the organisation's zone. */
  scheduledLocal?: string;
  publishNow?: boolean;
}

export interface PostChange {
  version: number;
  title?: string | null;
  parts?: Part[];
  targets?: TargetInput[];
}

export interface PreflightProblem {
  code: string;
  severity: 'error' | 'warning';
  part: number | null;
  field: 'text' | 'media' | 'altText' | 'account' | 'schedule' | 'targets';
  mediaIndex: number | null;
  message: string;
}

export interface PreflightTarget {
  socialAccountId: string;
  platform: Platform;
  ok: boolean;
  counts: { part: number; characters: number; limit: number }[];
  problems: PreflightProblem[];
}

export interface PreflightReport {
  ok: boolean;
  targets: PreflightTarget[];
  problems: PreflightProblem[];
}

export interface AttemptStep {
  name: string;
  state: 'prepared' | 'sent' | 'accepted' | 'refused' | 'unknown';
  startedAt: string;
  finishedAt: string | null;
  detail: string | null;
}

export interface Attempt {
  id: string;
  targetId: string;
  platform: Platform;
  accountName: string;
  number: number;
  startedAt: string;
  finishedAt: string | null;
  outcome: 'running' | 'published' | 'retrying' | 'failed' | 'unknown' | 'released' | 'cancelled';
  message: string | null;
  problem: TargetProblem | null;
  steps: AttemptStep[];
}
