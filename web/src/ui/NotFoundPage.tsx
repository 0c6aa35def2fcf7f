import { Text } from '@mantine/core';
import { FrontDoor } from './FrontDoor';
import { LinkButton } from './LinkButton';

export function NotFoundPage() {
  return (
    <FrontDoor title="There is no such page" lead="The address may be mistyped, or what was here has been removed.">
      <Text size="sm" mb="md">
        From the start page you reach everything you have access to.
      </Text>
      <LinkButton to="/" fullWidth>
        Go to the start page
      </LinkButton>
    </FrontDoor>
  );
}
