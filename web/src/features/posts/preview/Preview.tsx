import {
  Bookmark,
  Ellipsis,
  Globe,
  Heart,
  MessageCircle,
  Repeat2,
  Reply,
  Share,
  Star,
} from 'lucide-react';
import type { Content, Part, SocialAccount } from '@/api/types';
import { Avatar } from '@/ui/Avatar';
import { cx } from '@/ui/cx';
import { NETWORK_NAME } from '@/ui/NetworkIcon';
import { ImageGrid } from './ImageGrid';
import styles from './Preview.module.css';
import { RichText } from './RichText';

export type PreviewAccount = Pick<
  SocialAccount,
  'platform' | 'username' | 'displayName' | 'avatarUrl'
>;

export interface PreviewProps {
  account: PreviewAccount;
  parts: (Part & { key?: string })[];
  contents: Record<string, Content>;
  /** Which of the network's own looks; the app's when left out. */
  look?: 'light' | 'dark';
}

interface PostProps extends Omit<PreviewProps, 'parts' | 'look'> {
  part: Part;
  /** More of the thread comes below. */
  more: boolean;
}

function Blank() {
  return <p className={styles.blank}>Your text appears here.</p>;
}

function Body({ part, account, contents }: Pick<PostProps, 'part' | 'account' | 'contents'>) {
  return (
    <>
      {part.text.trim() ? (
        <RichText text={part.text} platform={account.platform} />
      ) : (
        part.media.length === 0 && <Blank />
      )}
      <ImageGrid media={part.media} contents={contents} />
    </>
  );
}

function BlueskyPost({ account, part, contents, more }: PostProps) {
  return (
    <article className={cx(styles.post, styles.beside)}>
      <div className={styles.gutter}>
        <Avatar name={account.displayName || account.username} src={account.avatarUrl} size={42} />
        {more && <span className={styles.thread} />}
      </div>
      <div className={styles.main}>
        <p className={styles.author}>
          <strong>{account.displayName || account.username}</strong>
          <span className={styles.handle}>@{account.username}</span>
          <span className={styles.quiet}>· now</span>
        </p>
        <Body part={part} account={account} contents={contents} />
        <div className={styles.actions} aria-hidden>
          <MessageCircle />
          <Repeat2 />
          <Heart />
          <Share />
          <Ellipsis />
        </div>
      </div>
    </article>
  );
}

function MastodonPost({ account, part, contents, more }: PostProps) {
  return (
    <article className={styles.post}>
      <div className={styles.head}>
        <Avatar
          name={account.displayName || account.username}
          src={account.avatarUrl}
          size={46}
          square
        />
        {more && <span className={styles.thread} />}
        <p className={styles.names}>
          <strong>{account.displayName || account.username.split('@')[0]}</strong>
          <span className={styles.handle}>@{account.username}</span>
        </p>
        <span className={styles.meta}>
          <Globe aria-hidden /> now
        </span>
      </div>
      <div className={styles.below}>
        <Body part={part} account={account} contents={contents} />
        <div className={styles.actions} aria-hidden>
          <Reply />
          <Repeat2 />
          <Star />
          <Bookmark />
          <Ellipsis />
        </div>
      </div>
    </article>
  );
}

/** How a post will look on its network: an approximation by this app, not the network's own page. */
export default function Preview({ account, parts, contents, look }: PreviewProps) {
  const Post = account.platform === 'mastodon' ? MastodonPost : BlueskyPost;
  return (
    <section
      className={cx(styles.preview, styles[account.platform])}
      data-look={look}
      aria-label={`Preview on ${NETWORK_NAME[account.platform] ?? account.platform}`}
    >
      {parts.map((part, index) => (
        <Post
          key={part.key ?? index}
          account={account}
          part={part}
          contents={contents}
          more={index < parts.length - 1}
        />
      ))}
    </section>
  );
}
