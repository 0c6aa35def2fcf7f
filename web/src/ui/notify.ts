import { notifications } from '@mantine/notifications';
import { Problem } from '../api/problem';

export const notifyDone = (message: string): void => {
  notifications.show({ message, color: 'teal', withBorder: true, role: 'status' });
};

export const notifyFailed = (error: unknown): void => {
  const title = error instanceof Problem ? error.title : 'That did not work';
  const message = error instanceof Error ? error.message : 'An unexpected fault.';
  notifications.show({ title, message, color: 'red', withBorder: true, autoClose: 10_000 });
};
