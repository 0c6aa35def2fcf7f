import { Badge, Card, Group } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { TextLink } from '../../ui/LinkButton';
import { Section } from '../../ui/Page';
import { templatesQuery, type Template } from './templates';

function TemplateLink({ template: { level, id, name } }: { template: Template }) {
  if (level === 'event') return <TextLink to="/events/$eventId" params={{ eventId: id }}>{name}</TextLink>;
  if (level === 'contest') return <TextLink to="/contests/$contestId" params={{ contestId: id }}>{name}</TextLink>;
  return <TextLink to="/categories/$categoryId" params={{ categoryId: id }}>{name}</TextLink>;
}

/** What new events, contests and categories can be made from; nothing while there is none. */
export function TemplateList() {
  const { data } = useQuery(templatesQuery);
  if (data === undefined || data.items.length === 0) return null;
  return (
    <Section title="Templates" note="Never judged. Open one to change what is made from it from then on.">
      <Card component="ul" m={0} style={{ listStyle: 'none' }} aria-label="Templates">
        {data.items.map((template) => (
          <Group key={template.id} component="li" gap="xs" py={4}>
            <TemplateLink template={template} />
            <Badge color="gray">{template.level}</Badge>
          </Group>
        ))}
      </Card>
    </Section>
  );
}
