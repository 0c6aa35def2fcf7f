import { createFileRoute } from '@tanstack/react-router';
import { SignInPage } from '../rooms/identity/SignInPage';

/** A path of this site to go on to; anything else, such as another site's address, is dropped. */
const local = (next: unknown): string | undefined => (typeof next === 'string' && /^\/(?![/\\])/.test(next) ? next : undefined);

export const Route = createFileRoute('/sign-in')({
  validateSearch: (search): { next?: string } => {
    const next = local(search['next']);
    return next === undefined ? {} : { next };
  },
  component: SignIn,
});

function SignIn() {
  const { next } = Route.useSearch();
  const navigate = Route.useNavigate();
  return <SignInPage onSignedIn={() => void navigate({ href: next ?? '/', replace: true })} />;
}
