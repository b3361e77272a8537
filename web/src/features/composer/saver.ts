import type { Post } from '@/api/types';
import type { DraftInput } from './draft';

export interface SaverApi {
  create: (input: DraftInput) => Promise<Post>;
  update: (id: string, version: number, input: DraftInput) => Promise<Post>;
}

/** Two inputs are the same to the server when they read the same. */
export function fingerprint(input: DraftInput): string {
  return JSON.stringify(input);
}

/**
 * Writes a draft to the server, one write after the other, so that a slow save never overtakes a later one and a post is
 * created only once however often it is asked for.
 */
export class DraftSaver {
  #post: Post | null;
  #saved: string;
  #queue: Promise<unknown> = Promise.resolve();
  readonly #api: SaverApi;

  constructor(api: SaverApi, post: Post | null, input: DraftInput) {
    this.#api = api;
    this.#post = post;
    this.#saved = fingerprint(input);
  }

  /** The post as the server last gave it; null until it is created. */
  get post(): Post | null {
    return this.#post;
  }

  isSaved(input: DraftInput): boolean {
    return this.#saved === fingerprint(input);
  }

  /** The post with this input stored; writes only what is new. */
  save(input: DraftInput): Promise<Post> {
    const run = this.#queue.then(async () => {
      if (this.#post && this.isSaved(input)) return this.#post;
      const post = this.#post
        ? await this.#api.update(this.#post.id, this.#post.version, input)
        : await this.#api.create(input);
      this.adopt(post, input);
      return post;
    });
    this.#queue = run.catch(() => undefined);
    return run;
  }

  /** Goes on from a post that came another way: loaded anew, scheduled. */
  adopt(post: Post, input?: DraftInput): void {
    this.#post = post;
    if (input) this.#saved = fingerprint(input);
  }
}
