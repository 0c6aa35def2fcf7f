import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { FrontDoor } from '../../ui/FrontDoor';
import { SecondStepForm } from './SecondStepForm';
import { SignInForm } from './SignInForm';
import { useSecondFactor, useSignIn } from './queries';

export function SignInPage({ onSignedIn }: { onSignedIn: () => void }) {
  const [second, setSecond] = useState(false);
  const client = useQueryClient();
  const signIn = useSignIn();
  const factor = useSecondFactor();
  const finish = () => {
    // Whatever somebody else saw in this browser is forgotten.
    client.clear();
    onSignedIn();
  };
  if (second) {
    return (
      <FrontDoor title="One more step" lead="Your account asks for a second proof that it is you.">
        <SecondStepForm
          busy={factor.isPending} error={factor.error} onSubmit={(code) => factor.mutate(code, { onSuccess: finish })}
          onBack={() => {
            factor.reset();
            setSecond(false);
          }}
        />
      </FrontDoor>
    );
  }
  return (
    <FrontDoor title="Sign in" lead="Set up contests, judge, and follow the results.">
      <SignInForm
        busy={signIn.isPending} error={signIn.error}
        onSubmit={(given) => signIn.mutate(given, { onSuccess: ({ stage }) => (stage === 'full' ? finish() : setSecond(true)) })}
      />
    </FrontDoor>
  );
}
