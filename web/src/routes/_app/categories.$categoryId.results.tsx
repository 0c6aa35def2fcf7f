import { createFileRoute } from '@tanstack/react-router';
import { CategoryResults } from '../../rooms/scoring/results/CategoryResults';

export const Route = createFileRoute('/_app/categories/$categoryId/results')({ component: Results });

function Results() {
  return <CategoryResults categoryId={Route.useParams().categoryId} />;
}
