import { Card, Group, SimpleGrid, Stack, Table, Text } from '@mantine/core';
import { useId, type ReactNode } from 'react';
import { showDateTime } from '../../lib/dates';
import classes from './Charts.module.css';
import { roundUp, successRate, type Bucket, type Totals } from './statistics';
import { showMs } from './words';

const HEIGHT = 140;
const STEP = 10;
const clock = new Intl.DateTimeFormat(undefined, { timeStyle: 'short' });
const at = (bucket: Bucket | undefined) => (bucket === undefined ? '' : clock.format(new Date(bucket.at)));

/** Two lines: half and whole of the scale. */
function Grid({ width }: { width: number }) {
  return [0, HEIGHT / 2, HEIGHT].map((y) => <line key={y} className={classes['grid']} x1={0} x2={width} y1={y} y2={y} />);
}

function Axis({ buckets }: { buckets: readonly Bucket[] }) {
  return (
    <div className={classes['axis']} aria-hidden>
      <Text size="xs" c="dimmed">{at(buckets[0])}</Text>
      <Text size="xs" c="dimmed">{at(buckets[Math.floor(buckets.length / 2)])}</Text>
      <Text size="xs" c="dimmed">now</Text>
    </div>
  );
}

function Frame({ title, top, children, buckets }: { title: ReactNode; top: string; children: ReactNode; buckets: readonly Bucket[] }) {
  return (
    <Card padding="md">
      <Stack gap={6}>
        <Group justify="space-between" gap="xs">
          {title}
          <Text size="xs" c="dimmed">
            up to {top}
          </Text>
        </Group>
        {children}
        <Axis buckets={buckets} />
      </Stack>
    </Card>
  );
}

function Key({ name, children }: { name: 'succeeded' | 'failed'; children: string }) {
  return (
    <Group gap={6} component="span" wrap="nowrap">
      <svg width={12} height={12} aria-hidden className={classes['key']}>
        <rect width={12} height={12} rx={3} className={classes[name]} />
        {name === 'failed' && <path d="M0 12 12 0M-3 6 6 -3M6 15 15 6" className={classes['hatch']} />}
      </svg>
      <Text size="sm" fw={600} component="span">{children}</Text>
    </Group>
  );
}

function Bars({ buckets }: { buckets: readonly Bucket[] }) {
  const hatch = useId();
  const top = roundUp(Math.max(...buckets.map(({ succeeded, failed }) => succeeded + failed)));
  const width = buckets.length * STEP;
  const tall = (number: number) => (HEIGHT * number) / top;
  const [good, bad] = [buckets.reduce((sum, each) => sum + each.succeeded, 0), buckets.reduce((sum, each) => sum + each.failed, 0)];
  return (
    <Frame buckets={buckets} top={`${top} an hour`} title={<Group gap="md"><Key name="succeeded">Delivered</Key><Key name="failed">Failed tries</Key></Group>}>
      <svg className={classes['bars']} viewBox={`0 0 ${width} ${HEIGHT}`} preserveAspectRatio="none" role="img" aria-label={`By hour: ${good} delivered and ${bad} failed tries in all. The table below has the numbers.`}>
        <defs>
          <pattern id={hatch} width={4} height={4} patternUnits="userSpaceOnUse" patternTransform="rotate(45)">
            <line x1={0} y1={0} x2={0} y2={4} className={classes['hatch']} />
          </pattern>
        </defs>
        <Grid width={width} />
        {buckets.map((each, index) => {
          const [down, up] = [tall(each.succeeded), tall(each.failed)];
          const place = { x: index * STEP + 1.5, width: STEP - 3 };
          return (
            <g key={each.at}>
              <rect {...place} y={HEIGHT - down} height={down} className={classes['succeeded']} />
              <rect {...place} y={HEIGHT - down - up} height={up} className={classes['failed']} />
              <rect {...place} y={HEIGHT - down - up} height={up} fill={`url(#${hatch})`} />
            </g>
          );
        })}
      </svg>
    </Frame>
  );
}

function Times({ buckets }: { buckets: readonly Bucket[] }) {
  const slowest = Math.max(...buckets.map(({ p95Ms }) => p95Ms ?? 0));
  const top = roundUp(slowest);
  const width = buckets.length * STEP;
  const points = buckets.map(({ p95Ms }, index) => (p95Ms === null ? null : { x: index * STEP + STEP / 2, y: HEIGHT - (HEIGHT * p95Ms) / top }));
  // Hours in which nothing was sent leave a gap, rather than a line to nowhere.
  const line = points.map((point, index) => (point === null ? '' : `${points[index - 1] ? 'L' : 'M'}${point.x} ${point.y}`)).join('');
  return (
    <Frame buckets={buckets} top={showMs(top)} title={<Text size="sm" fw={600}>How long 95 of 100 took at most</Text>}>
      <svg className={classes['bars']} viewBox={`0 0 ${width} ${HEIGHT}`} preserveAspectRatio="none" role="img" aria-label={`By hour: 95 of 100 deliveries took at most ${showMs(slowest)} in the slowest hour. The table below has the numbers.`}>
        <Grid width={width} />
        <path d={line} className={classes['line']} />
        {points.map((point) => point !== null && <rect key={point.x} x={point.x - STEP / 2 + 1.5} y={Math.min(point.y - 1.5, HEIGHT - 3)} width={STEP - 3} height={3} className={classes['dot']} />)}
      </svg>
    </Frame>
  );
}

function Numbers({ buckets }: { buckets: readonly Bucket[] }) {
  const used = buckets.filter(({ succeeded, failed, dead }) => succeeded + failed + dead > 0);
  if (used.length === 0) return null;
  return (
    <details>
      <Text component="summary" size="sm" py={4} style={{ cursor: 'pointer' }}>
        The numbers, hour by hour
      </Text>
      <Table.ScrollContainer minWidth={0} scrollAreaProps={{ viewportProps: { tabIndex: 0, role: 'region', 'aria-label': 'Numbers by hour' } }}>
        <Table verticalSpacing={4} className="number">
          <Table.Thead>
            <Table.Tr>
              {['Hour from', 'Delivered', 'Failed tries', 'Given up', 'Half within', '95 of 100 within'].map((each) => <Table.Th key={each}>{each}</Table.Th>)}
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {used.map((each) => (
              <Table.Tr key={each.at}>
                <Table.Th scope="row" fw={500}>{showDateTime(each.at)}</Table.Th>
                <Table.Td>{each.succeeded}</Table.Td>
                <Table.Td>{each.failed}</Table.Td>
                <Table.Td>{each.dead}</Table.Td>
                <Table.Td>{showMs(each.p50Ms)}</Table.Td>
                <Table.Td>{showMs(each.p95Ms)}</Table.Td>
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      </Table.ScrollContainer>
    </details>
  );
}

/** How deliveries went, hour by hour; the same as numbers below. */
export function Charts({ buckets, totals }: { buckets: readonly Bucket[]; totals: Totals }) {
  if (totals.succeeded + totals.dead + buckets.reduce((sum, each) => sum + each.failed, 0) === 0) {
    return <Text size="sm" c="dimmed">Nothing was sent in this time.</Text>;
  }
  return (
    <Stack gap="xs">
      <Text size="sm">Delivered: {successRate(totals)}</Text>
      <SimpleGrid cols={{ base: 1, md: 2 }}>
        <Bars buckets={buckets} />
        {buckets.some(({ p95Ms }) => p95Ms !== null) ? <Times buckets={buckets} /> : <Card padding="md"><Text size="sm" c="dimmed">How long deliveries take shows here once one gets through.</Text></Card>}
      </SimpleGrid>
      <Numbers buckets={buckets} />
    </Stack>
  );
}
