import { Badge, Group } from '@mantine/core';
import type { ComponentType } from 'react';
import type { Member } from './members';
import { roleWords } from './roles';

export type Held = Member['roles'][number];
export type Scope = Readonly<{ kind: NonNullable<Held['scopeKind']>; id: string }>;

/** What this room is handed by its pages, as it knows no contests: their names, and the choice of one. */
export type ScopeParts = Readonly<{
  Name: ComponentType<Scope>;
  Picker: ComponentType<{ everywhere: string; onPick: (scope: Scope | null) => void }>;
}>;

export const scopeOf = ({ scopeKind, scopeId }: Held): Scope | null => (scopeKind && scopeId ? { kind: scopeKind, id: scopeId } : null);

export const heldKey = (held: Held): string => `${held.role}-${held.scopeId ?? 'all'}`;

/** "Judge of contest Young Voices". */
export function HeldWords({ held, Name }: { held: Held; Name: ScopeParts['Name'] }) {
  const scope = scopeOf(held);
  return (
    <>
      {roleWords[held.role].label}
      {scope !== null && (
        <>
          {' '}
          of {scope.kind} <Name {...scope} />
        </>
      )}
    </>
  );
}

export function RoleBadges({ roles, Name }: { roles: readonly Held[]; Name: ScopeParts['Name'] }) {
  return (
    <Group gap={6} mt={4}>
      {roles.map((held) => (
        <Badge key={heldKey(held)} h="auto" maw="100%" py={2} styles={{ label: { whiteSpace: 'normal' } }}>
          <HeldWords held={held} Name={Name} />
        </Badge>
      ))}
    </Group>
  );
}
