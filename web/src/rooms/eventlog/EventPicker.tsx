import { useSuspenseQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { TypeSelect } from './TypeSelect';
import { logTypesQuery } from './queries';

type Props = { value: readonly string[]; onChange: (names: string[]) => void; label: string; placeholder?: string; description?: ReactNode; error?: ReactNode };

/** Types of events to choose from, for rooms that only know their names. */
export function EventPicker(props: Props) {
  return <TypeSelect types={useSuspenseQuery(logTypesQuery).data} {...props} />;
}
