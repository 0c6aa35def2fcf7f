import { Alert, Stack } from '@mantine/core';
import { IconCheck, IconFilter, IconX } from '@tabler/icons-react';
import { Exchange } from '../Exchange';
import type { TestResult } from '../queries';

/** How a test call ended: the verdict first, then both sides of it. */
export function TestOutcome({ result }: { result: TestResult }) {
  const { delivered, verdict } = result;
  return (
    <Stack>
      <Alert role="status" color={delivered ? 'teal' : 'red'} icon={delivered ? <IconCheck aria-hidden /> : <IconX aria-hidden />} title={delivered ? 'It arrived' : 'It did not arrive'}>
        {verdict} {result.resumed && 'The webhook is sent to again.'}
      </Alert>
      {!result.wanted && (
        <Alert color="orange" icon={<IconFilter aria-hidden />} title="A real event like this would not be sent">
          The webhook does not hear of this type, or its filter lets no such payload through. The test was sent all the same.
        </Alert>
      )}
      <Exchange requestHeaders={result.requestHeaders} requestBody={result.requestBody} responseHead={result.responseHead} responseBody={result.responseBody} truncated={result.truncated} order={3} />
    </Stack>
  );
}
