import { createFileRoute } from '@tanstack/react-router';
import { FrontDoor } from '../ui/FrontDoor';

export const Route = createFileRoute('/')({ component: () => <FrontDoor title="Event Manager">Hello</FrontDoor> });
