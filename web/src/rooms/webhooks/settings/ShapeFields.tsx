import { Radio, Select, Stack, Textarea } from '@mantine/core';
import type { UseFormReturnType } from '@mantine/form';
import type { binder } from '../../../ui/fields';
import type { Webhook } from '../queries';
import { FORMATS, TEMPLATES } from '../words';
import type { Values } from './values';

export type FieldsProps = { form: UseFormReturnType<Values>; bind: ReturnType<typeof binder<Values>> };

const formats = Object.entries(FORMATS).map(([value, { label }]) => ({ value, label }));
const templates = Object.entries(TEMPLATES).map(([value, label]) => ({ value, label }));
const mono = { input: { fontFamily: 'var(--mantine-font-family-monospace)', fontSize: 'var(--mantine-font-size-sm)' } };

/** The form of what is sent: the event in a format, a message of a chat tool, or what an expression makes of it. */
export function ShapeFields({ form, bind, kind }: FieldsProps & { kind: Webhook['kind'] }) {
  const { shape, format } = form.values;
  return (
    <Stack>
      <Radio.Group size="md" label="The receiver gets" {...bind('shape')}>
        <Stack gap="xs" mt="xs">
          <Radio value="event" label="The event" />
          {kind === 'http' && <Radio value="template" label="A message for a chat" />}
          <Radio value="transform" label="What an expression makes of the event" />
        </Stack>
      </Radio.Group>
      {shape === 'template' && <Select label="Chat tool" data={templates} {...bind('template')} />}
      {shape === 'transform' && (
        <Textarea
          label="Expression" styles={mono} spellCheck={false} autosize minRows={3} maxRows={12} placeholder="{text: join(' ', ['Now', data.state, data.contestName])}" {...bind('transform')}
          description={`JMESPath over the event in the standard form.${kind === 'http' ? ' The Test page shows what comes out of it.' : ''}`}
        />
      )}
      {shape !== 'template' && <Select label="Format" description={FORMATS[format].does} data={formats} {...bind('format')} />}
    </Stack>
  );
}
