import type { UseFormReturnType } from '@mantine/form';
import { faultsByField } from '../api/problem';

/** Binds inputs to a form; a field shows its own fault, or else what the server said of it at the last try. */
export function binder<Values extends Record<string, unknown>>(form: UseFormReturnType<Values>, error: unknown) {
  const faults = faultsByField(error);
  return (path: string, options?: { type: 'input' | 'checkbox' }) => {
    const props = form.getInputProps(path, options);
    return { ...props, error: props.error ?? faults[path] };
  };
}
