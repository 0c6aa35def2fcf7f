import type { ComponentType, ReactNode } from 'react';

/** Lets the reader choose types of events; the route brings it from the room that knows them. */
export type EventPicker = ComponentType<{
  value: readonly string[]; onChange: (names: string[]) => void; label: string; placeholder?: string; description?: ReactNode; error?: ReactNode;
}>;
