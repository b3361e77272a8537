import { createContext, use } from 'react';
import type { MovingDeeds } from './useMoving';

export interface CalendarContext extends MovingDeeds {
  /** The organisation's zone, in which everything here is shown. */
  zone: string;
  today: string;
  now: Date;
  mayWrite: boolean;
}

export const Calendar = createContext<CalendarContext | null>(null);

export function useCalendar(): CalendarContext {
  const context = use(Calendar);
  if (!context) throw new Error('This belongs inside the calendar.');
  return context;
}
