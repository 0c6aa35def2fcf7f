import { ActionIcon, Code, CopyButton } from '@mantine/core';
import { IconCheck, IconCopy } from '@tabler/icons-react';

type Props = { label: string; text: string; /** Taller text scrolls. */ maxHeight?: number };

/** Text of a program, such as JSON or the head of an answer, with a button that copies it. */
export function CodeBlock({ label, text, maxHeight = 420 }: Props) {
  return (
    <div style={{ position: 'relative' }}>
      <Code block tabIndex={0} role="region" aria-label={label} fz="sm" p="sm" pr={56} style={{ maxHeight, overflow: 'auto', whiteSpace: 'pre-wrap', overflowWrap: 'anywhere', border: '1px solid var(--em-line)', background: 'var(--em-raised)' }}>
        {text}
      </Code>
      <CopyButton value={text}>
        {({ copied, copy }) => (
          <ActionIcon variant="default" size="lg" pos="absolute" top={8} right={8} onClick={copy} aria-label={copied ? 'Copied' : `Copy ${label}`}>
            {copied ? <IconCheck size={16} aria-hidden /> : <IconCopy size={16} aria-hidden />}
          </ActionIcon>
        )}
      </CopyButton>
    </div>
  );
}
