import { useMutation } from '@tanstack/react-query';
import { api, take } from '../../api/client';
import type { components } from '../../api/schema';
import { useWrite } from './changes';

export type ImportPreview = components['schemas']['ImportPreview'];
/** Headings of the file to the fields they are taken for; "" leaves a column out. */
export type Mapping = Readonly<Record<string, string>>;
export type Source = Readonly<{ file: File; sheet: string | null; mapping: Mapping | null }>;

/** Files travel as multipart forms; the generated types know their fields but not the browser's File. */
const form = ({ file, sheet, mapping }: Source) => ({
  body: { file: file.name },
  bodySerializer: () => {
    const data = new FormData();
    data.append('file', file);
    if (sheet !== null) data.append('sheet', sheet);
    if (mapping !== null) data.append('mapping', JSON.stringify(mapping, (_, field: unknown) => (field === '' ? null : field)));
    return data;
  },
});

const contest = (contestId: string) => ({ params: { path: { contestId } } });

export const usePreview = (contestId: string) =>
  useMutation({
    mutationFn: (source: Source) => take(api.POST('/api/contests/{contestId}/entries/import/preview', { ...contest(contestId), ...form(source) })),
  });

export const useImport = (contestId: string) =>
  useWrite((source: Source) => take(api.POST('/api/contests/{contestId}/entries/import', { ...contest(contestId), ...form(source) })));
