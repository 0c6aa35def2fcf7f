import { Alert, Badge, Button, Group, Modal, Select, Stack, Table, Text } from '@mantine/core';
import { IconCheck, IconInfoCircle } from '@tabler/icons-react';
import { useState } from 'react';
import { ErrorNote } from '../../ui/ErrorView';
import { FilePick } from '../../ui/FilePick';
import { notifyDone } from '../../ui/notify';
import { ImportFaults } from './ImportFaults';
import { useImport, usePreview, type ImportPreview, type Mapping, type Source } from './importing';

const fields = [
  { value: '', label: 'Leave out' },
  { value: 'name', label: 'Name' },
  { value: 'first_name', label: 'First name' },
  { value: 'last_name', label: 'Last name' },
  { value: 'number', label: 'Number' },
  { value: 'kind', label: 'Person or group' },
  { value: 'club', label: 'Club' },
  { value: 'country', label: 'Country' },
  { value: 'email', label: 'E-mail' },
  { value: 'categories', label: 'Categories' },
];

/** "difficulty" as the fact of that name: any other column can be kept for the rule set to read. */
const factOf = (heading: string) => `fact:${heading.toLowerCase().replace(/[^a-z0-9]+/g, '_').replace(/^_+|_+$/g, '')}`;

function Columns({ preview, onMap }: { preview: ImportPreview; onMap: (heading: string, field: string) => void }) {
  return (
    <Table.ScrollContainer minWidth={480} scrollAreaProps={{ viewportProps: { tabIndex: 0, role: 'region', 'aria-label': 'Columns of the file' } }}>
      <Table verticalSpacing={6}>
        <Table.Thead>
          <Table.Tr>
            <Table.Th>Column</Table.Th>
            <Table.Th>For example</Table.Th>
            <Table.Th>Taken for</Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {preview.columns.map((column) => (
            <Table.Tr key={column.heading}>
              <Table.Td fw={600}>{column.heading}</Table.Td>
              <Table.Td>
                <Text size="sm" c="dimmed" lineClamp={1}>
                  {column.samples.slice(0, 3).join(', ')}
                </Text>
              </Table.Td>
              <Table.Td>
                <Select
                  size="xs" aria-label={`What ${column.heading} is`} value={column.field ?? ''} data={[...fields, { value: column.field?.startsWith('fact:') ? column.field : factOf(column.heading), label: 'A fact for the rules' }]}
                  onChange={(field) => onMap(column.heading, field ?? '')} comboboxProps={{ withinPortal: true }}
                />
              </Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </Table.ScrollContainer>
  );
}

function Rows({ preview }: { preview: ImportPreview }) {
  return (
    <Table.ScrollContainer minWidth={420} scrollAreaProps={{ viewportProps: { tabIndex: 0, role: 'region', 'aria-label': 'First rows' } }}>
      <Table verticalSpacing={6}>
        <Table.Thead>
          <Table.Tr>
            <Table.Th>Line</Table.Th>
            <Table.Th>Number</Table.Th>
            <Table.Th>Name</Table.Th>
            <Table.Th>Club</Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {preview.rows.map((row) => (
            <Table.Tr key={row.line}>
              <Table.Td className="number">{row.line}</Table.Td>
              <Table.Td className="number">{row.number ?? 'by itself'}</Table.Td>
              <Table.Td>
                {row.name} {row.known && <Badge color="gray">known</Badge>}
              </Table.Td>
              <Table.Td>{row.club}</Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </Table.ScrollContainer>
  );
}

/** Entries from a file: choose it, see what would happen, then take over all rows or none. */
export function ImportDialog({ contestId, onClose }: { contestId: string; onClose: () => void }) {
  const [source, setSource] = useState<Source | null>(null);
  const [look, run] = [usePreview(contestId), useImport(contestId)];
  const preview = look.data;
  const show = (wanted: Source) => {
    setSource(wanted);
    run.reset();
    look.mutate(wanted);
  };
  const map = (heading: string, field: string) => {
    if (source === null || preview === undefined) return;
    const before = Object.fromEntries(preview.columns.map((column) => [column.heading, column.field ?? '']));
    const mapping: Mapping = { ...before, [heading]: field };
    show({ ...source, mapping });
  };
  const take = () => {
    if (source === null) return;
    run.mutate(source, {
      onSuccess: ({ entryIds }) => {
        notifyDone(`${entryIds.length} entries are in.`);
        onClose();
      },
    });
  };
  const ready = preview !== undefined && preview.faults.length === 0 && preview.total > 0;
  return (
    <Modal opened onClose={onClose} title={<Text fw={650}>Import entries</Text>} size="xl">
      <Stack>
        <FilePick accept=".csv,.xlsx,text/csv" hint="CSV or Excel (.xlsx). The first row names the columns." file={source?.file ?? null} busy={look.isPending} onPick={(file) => show({ file, sheet: null, mapping: null })} />
        <ErrorNote error={look.error ?? run.error} />
        {preview !== undefined && source !== null && (
          <>
            {preview.sheets.length > 1 && <Select label="Sheet" data={preview.sheets} value={preview.sheet} onChange={(sheet) => show({ ...source, sheet, mapping: null })} />}
            <Columns preview={preview} onMap={map} />
            <ImportFaults faults={preview.faults} more={preview.moreFaults} />
            {ready && (
              <Alert color="teal" icon={<IconCheck aria-hidden />} title={`${preview.total} rows can be taken`}>
                {preview.known > 0 ? `${preview.known} of them are known to the organisation and are entered as they are.` : 'All are new to the organisation.'}
              </Alert>
            )}
            {preview.rows.length > 0 && <Rows preview={preview} />}
            {preview.total > preview.rows.length && (
              <Group gap={6}>
                <IconInfoCircle size={16} aria-hidden />
                <Text size="sm">The first {preview.rows.length} of {preview.total} rows are shown.</Text>
              </Group>
            )}
          </>
        )}
        <Group justify="flex-end">
          <Button variant="default" onClick={onClose}>
            Cancel
          </Button>
          <Button disabled={!ready} loading={run.isPending} onClick={take}>
            {ready ? `Import ${preview.total} entries` : 'Import'}
          </Button>
        </Group>
      </Stack>
    </Modal>
  );
}
