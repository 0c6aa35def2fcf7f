import { Card, Group, Table, Text, TextInput, UnstyledButton, VisuallyHidden } from '@mantine/core';
import { IconArrowDown, IconArrowUp, IconArrowsSort, IconSearch } from '@tabler/icons-react';
import {
  columnFilteringFeature, createColumnHelper, createFilteredRowModel, createSortedRowModel, filterFn_includesString,
  globalFilteringFeature, rowSortingFeature, sortFn_alphanumeric, tableFeatures, useTable,
} from '@tanstack/react-table';
import { useMemo, type ReactNode } from 'react';

export type Column<Row> = Readonly<{
  id: string;
  header: string;
  /** What the column sorts and searches by; null sorts last. */
  value: (row: Row) => string | number | null;
  cell?: (row: Row) => ReactNode;
  numeric?: boolean;
  /** Left out on narrow screens. */
  wideOnly?: boolean;
  /** Shown to screen readers only, for columns of buttons. */
  hiddenHeader?: boolean;
}>;

type Props<Row> = {
  label: string;
  rows: readonly Row[];
  rowId: (row: Row) => string;
  columns: readonly Column<Row>[];
  searchable?: boolean;
  empty?: ReactNode;
  toolbar?: ReactNode;
};

const features = tableFeatures({
  rowSortingFeature,
  columnFilteringFeature,
  globalFilteringFeature,
  sortedRowModel: createSortedRowModel(),
  filteredRowModel: createFilteredRowModel(),
  sortFns: { alphanumeric: sortFn_alphanumeric },
  filterFns: { includesString: filterFn_includesString },
});

function SortIcon({ sorted }: { sorted: false | 'asc' | 'desc' }) {
  if (sorted === 'asc') return <IconArrowUp size={14} aria-hidden />;
  if (sorted === 'desc') return <IconArrowDown size={14} aria-hidden />;
  return <IconArrowsSort size={14} aria-hidden opacity={0.45} />;
}

/** A sortable, searchable table; scrolls sideways by itself on narrow screens. */
export function DataTable<Row extends object>({ label, rows, rowId, columns, searchable, empty, toolbar }: Props<Row>) {
  const definitions = useMemo(() => {
    const helper = createColumnHelper<typeof features, Row>();
    return helper.columns(
      columns.map((column) =>
        helper.accessor((row) => column.value(row) ?? undefined, {
          id: column.id,
          header: column.header,
          sortUndefined: 'last',
          sortFn: 'alphanumeric',
          enableSorting: !column.hiddenHeader,
        }),
      ),
    );
  }, [columns]);
  const data = useMemo(() => [...rows], [rows]);
  const table = useTable({
    features, columns: definitions, data, getRowId: rowId, globalFilterFn: 'includesString',
    getColumnCanGlobalFilter: () => true,
  });
  const shown = table.getRowModel().rows;
  const look = new Map(columns.map((column) => [column.id, column]));
  const wide = (id: string) => (look.get(id)?.wideOnly ? { visibleFrom: 'sm' as const } : {});
  const aria = { asc: 'ascending', desc: 'descending' } as const;
  return (
    <Card padding={0}>
      {(searchable || toolbar !== undefined) && (
        <Group p="sm" justify="space-between" gap="sm">
          {searchable && (
            <TextInput
              size="sm" w={{ base: '100%', xs: 260 }} placeholder="Search" aria-label={`Search ${label}`}
              leftSection={<IconSearch size={16} aria-hidden />}
              onChange={(event) => table.setGlobalFilter(event.currentTarget.value)}
            />
          )}
          {toolbar}
        </Group>
      )}
      <Table.ScrollContainer minWidth={0} scrollAreaProps={{ viewportProps: { tabIndex: 0, role: 'region', 'aria-label': `Table: ${label}` } }}>
        <Table highlightOnHover>
          <caption style={{ position: 'absolute', clipPath: 'inset(50%)', width: 1, height: 1, overflow: 'hidden' }}>{label}</caption>
          <Table.Thead>
            {table.getHeaderGroups().map((group) => (
              <Table.Tr key={group.id}>
                {group.headers.map((header) => {
                  const column = look.get(header.column.id);
                  const sorted = header.column.getIsSorted();
                  return (
                    <Table.Th
                      key={header.id} {...wide(header.column.id)} ta={column?.numeric ? 'right' : 'left'}
                      {...(sorted ? { 'aria-sort': aria[sorted] } : {})}
                    >
                      {column?.hiddenHeader ? (
                        <VisuallyHidden>{column.header}</VisuallyHidden>
                      ) : (
                        <UnstyledButton onClick={header.column.getToggleSortingHandler()} fz="xs" fw={600} c="dimmed">
                          <Group gap={4} wrap="nowrap" component="span" style={{ display: 'inline-flex' }}>
                            {column?.header} <SortIcon sorted={sorted} />
                          </Group>
                        </UnstyledButton>
                      )}
                    </Table.Th>
                  );
                })}
              </Table.Tr>
            ))}
          </Table.Thead>
          <Table.Tbody>
            {shown.map((row) => (
              <Table.Tr key={row.id}>
                {row.getAllCells().map((cell) => {
                  const column = look.get(cell.column.id);
                  return (
                    <Table.Td key={cell.id} {...wide(cell.column.id)} ta={column?.numeric ? 'right' : 'left'} className={column?.numeric ? 'number' : ''}>
                      {column?.cell ? column.cell(row.original) : column?.value(row.original)}
                    </Table.Td>
                  );
                })}
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      </Table.ScrollContainer>
      {rows.length > 0 && shown.length === 0 && (
        <Text c="dimmed" size="sm" p="lg" ta="center">
          Nothing matches this search.
        </Text>
      )}
      {rows.length === 0 && empty}
    </Card>
  );
}
