import { queryOptions } from '@tanstack/react-query';
import { api, take } from '../../api/client';
import type { components } from '../../api/schema';
import { useWrite } from './changes';
import type { Level } from './changes';

type Schemas = components['schemas'];
export type Template = Schemas['TemplateView'];
export type TemplateUse = Readonly<{ template: string; name: string; panels: boolean }>;

/** Below the key of this room, so that every write of it reads them anew. */
export const templatesQuery = queryOptions({
  queryKey: ['contests', 'templates'],
  queryFn: () => take(api.GET('/api/contests/templates')),
});

/** Makes an event, or below `into` a contest or a category, of a template; gives the id of what was made. */
export const useTemplate = (level: Level, into: string | null) =>
  useWrite(async ({ template, name, panels }: TemplateUse) => {
    const body = { name, panels, entries: false, isTemplate: false };
    if (level === 'event') return (await take(api.POST('/api/contests/events/{eventId}/clone', { params: { path: { eventId: template } }, body }))).id;
    if (level === 'contest') return (await take(api.POST('/api/contests/{contestId}/clone', { params: { path: { contestId: template } }, body: { ...body, eventId: into } }))).id;
    const category = { name, panels, isTemplate: false, contestId: into };
    return (await take(api.POST('/api/contests/categories/{categoryId}/clone', { params: { path: { categoryId: template } }, body: category }))).id;
  });
