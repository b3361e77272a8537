import { useEffect, useEffectEvent, useRef, useState, type PointerEvent } from 'react';
import type { Post } from '@/api/types';
import { checkSchedule } from '@/features/posts/schedule/schedule';
import { shortName } from '@/features/posts/summary';
import { useNow } from '@/features/posts/useNow';
import { formatDay } from '@/lib/dates';
import { toast } from '@/ui/toast';
import { localOf, minuteAt, slotOf, stepSlot, type Slot, type View } from './grid';
import { movePost } from './queries';

/** Pixels the pointer travels before a press becomes a drag. */
const THRESHOLD = 5;
/** Milliseconds a finger rests on a post before it is lifted; one that moves sooner scrolls. */
const LONG_PRESS = 400;
/** Pixels a resting finger may tremble. */
const TREMBLE = 10;

interface Press {
  post: Post;
  x: number;
  y: number;
  id: number;
  /** For a finger: lifts the post once it has rested. */
  timer?: ReturnType<typeof setTimeout>;
}

export interface Moving {
  post: Post;
  slot: Slot;
  by: 'pointer' | 'keyboard';
  /** Whether the post may be dropped there. */
  allowed: boolean;
  /** Where the pointer is, in the window. */
  x: number;
  y: number;
}

export interface MovingDeeds {
  moving: Moving | null;
  /** What screen readers hear. */
  announcement: string;
  /** Begins to watch a press on a post; it becomes a drag once the pointer moves. */
  press: (post: Post, event: PointerEvent) => void;
  /** Picks a post up by keyboard. */
  pickUp: (post: Post) => void;
  /** Whether a click is the end of a drag, and not meant as one. */
  wasDragged: () => boolean;
}

export function words(slot: Slot): string {
  return `${formatDay(slot.day, { long: true })}, ${localOf(slot).slice(11)}`;
}

/** Days and columns say which slot they are by data-day; columns of the week also by their height. */
function slotUnder(x: number, y: number, minute: number): Slot | null {
  const element = document.elementFromPoint(x, y)?.closest<HTMLElement>('[data-day]');
  const day = element?.dataset['day'];
  if (!element || !day) return null;
  if (element.dataset['hours'] === undefined) return { day, minute };
  const { top, height } = element.getBoundingClientRect();
  return { day, minute: minuteAt((y - top) / height) };
}

/** Moving scheduled posts in the calendar, by pointer or by keyboard. */
export function useMoving(view: View, zone: string, onLeave: (day: string) => void): MovingDeeds {
  const now = useNow();
  const [moving, setMoving] = useState<Moving | null>(null);
  const [announcement, setAnnouncement] = useState('');
  const pressed = useRef<Press | null>(null);
  const dragged = useRef(false);
  const focusAfter = useRef<string | null>(null);

  const allowedAt = (slot: Slot) => checkSchedule(localOf(slot), zone, now).kind === 'ok';
  const slotFor = (post: Post) => slotOf(post.scheduledAt ?? now, zone);

  const letGo = () => {
    clearTimeout(pressed.current?.timer);
    pressed.current = null;
  };
  const dragTo = (post: Post, x: number, y: number) => {
    dragged.current = true;
    const own = slotFor(post);
    const slot = slotUnder(x, y, own.minute) ?? moving?.slot ?? own;
    setMoving({ post, slot, by: 'pointer', allowed: allowedAt(slot), x, y });
  };

  const drop = ({ post, slot }: Moving) => {
    setMoving(null);
    const local = localOf(slot);
    if (local === localOf(slotFor(post))) {
      setAnnouncement('Put back where it was.');
      return;
    }
    const check = checkSchedule(local, zone, now);
    if (check.kind !== 'ok') {
      toast(check.kind === 'past' ? 'That time has passed. Choose a later one.' : check.message, {
        tone: 'danger',
      });
      return;
    }
    setAnnouncement(`Moved to ${words(slot)}.`);
    void movePost(post, local, zone, `Moved to ${words(slot)}.`);
  };
  const cancel = () => {
    setMoving(null);
    setAnnouncement('Move cancelled.');
  };

  const onPointerMove = useEffectEvent((event: globalThis.PointerEvent) => {
    const press = pressed.current;
    if (!press || event.pointerId !== press.id) return;
    const { clientX: x, clientY: y } = event;
    const way = Math.hypot(x - press.x, y - press.y);
    if (!moving && event.pointerType === 'touch') {
      if (way > TREMBLE) letGo();
      return;
    }
    if (!moving && way < THRESHOLD) return;
    event.preventDefault();
    dragTo(press.post, x, y);
  });
  const lift = useEffectEvent(({ post, x, y }: Press) => {
    navigator.vibrate?.(10);
    dragTo(post, x, y);
  });
  // A finger also scrolls and taps, so it lifts a post only by resting on it.
  const onPointerDown = useEffectEvent((event: globalThis.PointerEvent) => {
    const press = pressed.current;
    if (press?.id !== event.pointerId || event.pointerType !== 'touch') return;
    press.timer = setTimeout(() => lift(press), LONG_PRESS);
  });
  // Once a post hangs on the finger, the page must neither scroll nor open the browser's menu.
  const keepStill = useEffectEvent((event: Event) => {
    if (moving?.by === 'pointer' && event.cancelable) event.preventDefault();
  });
  const onPointerUp = useEffectEvent((event: globalThis.PointerEvent) => {
    if (pressed.current?.id !== event.pointerId) return;
    letGo();
    // A click that ends the drag comes before any timer; a later one is meant.
    setTimeout(() => {
      dragged.current = false;
    });
    if (moving?.by === 'pointer') {
      if (slotUnder(event.clientX, event.clientY, 0)) drop(moving);
      else cancel();
    }
  });
  const onKeyDown = useEffectEvent((event: KeyboardEvent) => {
    if (!moving) return;
    const { key } = event;
    const stop = () => {
      event.preventDefault();
      event.stopPropagation();
    };
    if (key === 'Escape') {
      stop();
      letGo();
      focusAfter.current = moving.post.id;
      cancel();
      return;
    }
    if (moving.by !== 'keyboard') return;
    if (key === 'Enter' || key === ' ') {
      stop();
      focusAfter.current = moving.post.id;
      drop(moving);
      return;
    }
    if (key === 'Tab') {
      cancel();
      return;
    }
    const slot = stepSlot(moving.slot, key, view, event.shiftKey);
    if (!slot) return;
    stop();
    const allowed = allowedAt(slot);
    setMoving({ ...moving, slot, allowed });
    setAnnouncement(`${words(slot)}${allowed ? '' : ', not possible'}`);
    onLeave(slot.day);
  });

  useEffect(() => {
    const lost = () => {
      letGo();
      setMoving(null);
    };
    // Passive listeners, which is what touches get by default, can't keep the page still.
    window.addEventListener('touchmove', keepStill, { passive: false });
    window.addEventListener('contextmenu', keepStill);
    window.addEventListener('pointerdown', onPointerDown);
    window.addEventListener('pointermove', onPointerMove);
    window.addEventListener('pointerup', onPointerUp);
    window.addEventListener('pointercancel', lost);
    window.addEventListener('keydown', onKeyDown, true);
    return () => {
      letGo();
      window.removeEventListener('touchmove', keepStill);
      window.removeEventListener('contextmenu', keepStill);
      window.removeEventListener('pointerdown', onPointerDown);
      window.removeEventListener('pointermove', onPointerMove);
      window.removeEventListener('pointerup', onPointerUp);
      window.removeEventListener('pointercancel', lost);
      window.removeEventListener('keydown', onKeyDown, true);
    };
  }, []);

  // The post is drawn anew at its place: the focus follows it there.
  useEffect(() => {
    if (moving || !focusAfter.current) return;
    const selector = `[data-post="${focusAfter.current}"] button`;
    focusAfter.current = null;
    // The move is shown a moment later, and again when the server has answered.
    let looks = 0;
    const timer = setInterval(() => {
      looks += 1;
      if (looks === 20) clearInterval(timer);
      if (document.activeElement !== document.body) return;
      document.querySelector<HTMLElement>(selector)?.focus();
    }, 50);
    return () => clearInterval(timer);
  }, [moving]);

  return {
    moving,
    announcement,
    press: (post, event) => {
      if (event.button !== 0) return;
      dragged.current = false;
      pressed.current = { post, x: event.clientX, y: event.clientY, id: event.pointerId };
    },
    pickUp: (post) => {
      const slot = slotFor(post);
      setMoving({ post, slot, by: 'keyboard', allowed: true, x: 0, y: 0 });
      setAnnouncement(
        `${shortName(post)} picked up, ${words(slot)}. Move it with the arrow keys, drop it with Enter, cancel with Escape.`,
      );
    },
    wasDragged: () => dragged.current,
  };
}
