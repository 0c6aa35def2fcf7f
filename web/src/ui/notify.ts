import type { NotificationData } from '@mantine/notifications';
import { Problem } from '../api/problem';

/** What shows messages comes after the first page stands, so no page carries it along. */
const show = (message: NotificationData): void => {
  void import('./Notices').then((part) => part.show(message));
};

export const notifyDone = (message: string): void => {
  show({ message, color: 'teal', withBorder: true, role: 'status' });
};

export const notifyFailed = (error: unknown): void => {
  const title = error instanceof Problem ? error.title : 'That did not work';
  const message = error instanceof Error ? error.message : 'An unexpected fault.';
  show({ title, message, color: 'red', withBorder: true, autoClose: 10_000 });
};
