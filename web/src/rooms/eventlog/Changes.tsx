import { Table } from '@mantine/core';
import type { Change } from './payload';

/** What became what, field by field. */
export function Changes({ changes }: { changes: readonly Change[] }) {
  return (
    <Table verticalSpacing={6} horizontalSpacing={6} aria-label="What changed" layout="fixed" style={{ overflowWrap: 'anywhere' }}>
      <Table.Thead>
        <Table.Tr>
          <Table.Th w="28%">Field</Table.Th>
          <Table.Th>Before</Table.Th>
          <Table.Th>After</Table.Th>
        </Table.Tr>
      </Table.Thead>
      <Table.Tbody>
        {changes.map(({ label, old, value }) => (
          <Table.Tr key={label} style={{ verticalAlign: 'top' }}>
            <Table.Th scope="row" fw={500} c="dimmed">
              {label}
            </Table.Th>
            <Table.Td>{old === undefined ? 'not told' : <s>{old}</s>}</Table.Td>
            <Table.Td fw={600}>{value}</Table.Td>
          </Table.Tr>
        ))}
      </Table.Tbody>
    </Table>
  );
}
