import { Button, FileButton, Stack, Text } from '@mantine/core';
import { IconFileSpreadsheet, IconUpload } from '@tabler/icons-react';
import { useRef, useState } from 'react';

type Props = { accept: string; hint: string; file: File | null; onPick: (file: File) => void; busy: boolean };

/** A file by button or by dropping it. */
export function FilePick({ accept, hint, file, onPick, busy }: Props) {
  const [over, setOver] = useState(false);
  // A browser tells nothing when the same file is chosen again, after mending it; a cleared field makes it tell.
  const clear = useRef<() => void>(null);
  const pick = (picked: File | null) => {
    clear.current?.();
    if (picked !== null) onPick(picked);
  };
  return (
    <Stack
      align="center" gap="xs" p="xl"
      onDragOver={(event) => {
        event.preventDefault();
        setOver(true);
      }}
      onDragLeave={() => setOver(false)}
      onDrop={(event) => {
        event.preventDefault();
        setOver(false);
        const dropped = event.dataTransfer.files[0];
        if (dropped !== undefined) onPick(dropped);
      }}
      style={{
        border: `1.5px dashed var(${over ? '--mantine-color-brand-6' : '--mantine-color-gray-5'})`,
        borderRadius: 'var(--mantine-radius-lg)',
        background: over ? 'var(--mantine-color-brand-light)' : undefined,
      }}
    >
      <IconFileSpreadsheet size={32} aria-hidden opacity={0.6} />
      <Text fw={600}>{file?.name ?? 'Drop a file here'}</Text>
      <Text size="sm" c="dimmed" ta="center">
        {hint}
      </Text>
      <FileButton accept={accept} resetRef={clear} onChange={pick}>
        {(props) => (
          <Button {...props} variant="default" leftSection={<IconUpload size={16} aria-hidden />} loading={busy}>
            {file === null ? 'Choose a file' : 'Choose another file'}
          </Button>
        )}
      </FileButton>
    </Stack>
  );
}
