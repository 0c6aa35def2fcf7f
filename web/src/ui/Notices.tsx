import { Notifications, notifications, type NotificationData } from '@mantine/notifications';

export const Notices = () => <Notifications position="bottom-right" containerWidth={400} />;

export const show = (message: NotificationData): void => {
  notifications.show(message);
};
