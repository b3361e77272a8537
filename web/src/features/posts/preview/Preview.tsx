import {
  Bookmark,
  ChartNoAxesColumn,
  Ellipsis,
  Heart,
  MessageCircle,
  Repeat2,
  Send,
  Share,
  Star,
  ThumbsUp,
  type LucideIcon,
} from 'lucide-react';
import type { ReactNode } from 'react';
import type { Content, Part, SocialAccount } from '@/api/types';
import { Avatar } from '@/ui/Avatar';
import { cx } from '@/ui/cx';
import { useNames } from '@/ui/networks';
import { layoutOf, type PreviewAction, type PreviewColours, type PreviewLayout } from './layouts';
import styles from './Preview.module.css';
import { PreviewMedia } from './PreviewMedia';
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
  /** The post's format on that network, such as `reel`. */
  format?: string;
  /** The headline, where the network has one. */
  title?: string;
  /** The answers of a poll. */
  poll?: string[];
}

interface PostProps extends Omit<PreviewProps, 'parts' | 'look' | 'format'> {
  part: Part;
  layout: PreviewLayout;
  /** More of the thread comes below. */
  more: boolean;
}

const ACTION: Record<PreviewAction, [LucideIcon, string]> = {
  reply: [MessageCircle, 'Comment'],
  repost: [Repeat2, 'Repost'],
  like: [ThumbsUp, 'Like'],
  heart: [Heart, 'Like'],
  star: [Star, 'Favourite'],
  share: [Share, 'Share'],
  send: [Send, 'Send'],
  save: [Bookmark, 'Save'],
  more: [Ellipsis, 'More'],
  views: [ChartNoAxesColumn, 'Views'],
};

function Names({ account, layout }: Pick<PostProps, 'account' | 'layout'>) {
  const { username, displayName } = account;
  const name = displayName || username.split('@')[0];
  const handle = <span className={styles.handle}>@{username}</span>;
  return (
    <p className={layout.names === 'stacked' ? styles.names : styles.author}>
      <strong>{layout.names === 'handle' ? username : name}</strong>
      {(layout.names === 'inline' || layout.names === 'stacked') && handle}
      {layout.names !== 'stacked' && layout.author !== 'over' && (
        <span className={styles.quiet}>· now</span>
      )}
    </p>
  );
}

function Words({ account, part, layout, title, poll }: PostProps) {
  const text = part.text.trim();
  const letters = [...text];
  const cut = layout.cut !== undefined && letters.length > layout.cut;
  const shown = cut ? `${letters.slice(0, layout.cut).join('').trimEnd()}…` : text;
  return (
    <>
      {title && <p className={styles.headline}>{title}</p>}
      {shown ? (
        <RichText text={shown} platform={account.platform} />
      ) : (
        part.media.length === 0 && !title && <p className={styles.blank}>Your text appears here.</p>
      )}
      {cut && <span className={styles.quiet}>more</span>}
      {poll && (
        <ul className={styles.poll}>
          {poll.map((answer, index) => (
            <li key={index}>{answer || `Answer ${index + 1}`}</li>
          ))}
        </ul>
      )}
    </>
  );
}

function Actions({ layout }: { layout: PreviewLayout }) {
  if (layout.actions.length === 0) return null;
  return (
    <div className={styles.actions} data-worded={layout.worded} aria-hidden>
      {layout.actions.map((action) => {
        const [Icon, word] = ACTION[action];
        return (
          <span key={action}>
            <Icon />
            {layout.worded && word}
          </span>
        );
      })}
    </div>
  );
}

function AuthorPicture({
  account,
  layout,
  size,
}: { size: number } & Omit<PostProps, 'part' | 'more' | 'contents'>) {
  return (
    <Avatar
      name={account.displayName || account.username}
      src={account.avatarUrl}
      size={size}
      square={layout.square}
    />
  );
}

/** Everything below or beside the author's picture, in the network's order. */
function pieces(props: PostProps): ReactNode[] {
  const { account, layout, part, contents, more } = props;
  const piece = {
    author:
      layout.author === 'beside' ? (
        <Names account={account} layout={layout} />
      ) : (
        <div className={styles.head}>
          <AuthorPicture {...props} size={42} />
          {more && <span className={styles.thread} />}
          <Names account={account} layout={layout} />
        </div>
      ),
    text: (
      <div className={styles.words}>
        <Words {...props} />
      </div>
    ),
    media: part.media.length > 0 && (
      <div className={styles.media} data-wide={layout.media === 'carousel' || undefined}>
        <PreviewMedia media={part.media} contents={contents} layout={layout} />
      </div>
    ),
    actions: <Actions layout={layout} />,
  };
  return layout.order.map((name) => (
    <div key={name} className={styles.piece} data-piece={name}>
      {piece[name]}
    </div>
  ));
}

function Post(props: PostProps) {
  const { layout, part, contents, more } = props;
  if (layout.author === 'over') {
    return (
      <article className={cx(styles.post, styles.over)}>
        <div className={styles.screen}>
          <PreviewMedia media={part.media} contents={contents} layout={layout} />
        </div>
        <div className={styles.caption}>
          <Names {...props} />
          <Words {...props} />
        </div>
        <div className={styles.rail}>
          <AuthorPicture {...props} size={40} />
          <Actions layout={{ ...layout, worded: false }} />
        </div>
      </article>
    );
  }
  if (layout.author === 'beside') {
    return (
      <article className={cx(styles.post, styles.beside)}>
        <div className={styles.gutter}>
          <AuthorPicture {...props} size={42} />
          {more && <span className={styles.thread} />}
        </div>
        <div className={styles.main}>{pieces(props)}</div>
      </article>
    );
  }
  return <article className={cx(styles.post, more && styles.threaded)}>{pieces(props)}</article>;
}

/** How a post will look on its network: an approximation by this app, not the network's own page. */
export default function Preview({ account, parts, look, format, ...rest }: PreviewProps) {
  const names = useNames();
  const layout = layoutOf(account.platform, format);
  const colour = (name: keyof PreviewColours) =>
    `light-dark(${layout.light[name]}, ${layout.dark[name]})`;
  return (
    <section
      className={styles.preview}
      style={{
        colorScheme: look,
        '--ground': colour('ground'),
        '--ink': colour('ink'),
        '--dim': colour('dim'),
        '--entity': colour('entity'),
        '--edge': colour('edge'),
      }}
      aria-label={`Preview on ${names.network(account.platform)}`}
    >
      {parts.map((part, index) => (
        <Post
          key={part.key ?? index}
          {...rest}
          account={account}
          layout={layout}
          part={part}
          more={index < parts.length - 1}
        />
      ))}
    </section>
  );
}
