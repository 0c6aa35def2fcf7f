import { Link, type LinkProps } from '@tanstack/react-router';
import classes from './TabNav.module.css';

export type Tab = Readonly<{ label: string; link: LinkProps }>;

/** The parts of one thing, each a page of its own: links that look like tabs. */
export function TabNav({ label, tabs }: { label: string; tabs: readonly Tab[] }) {
  return (
    <nav aria-label={label} className={classes['bar']}>
      {tabs.map((tab) => (
        <Link key={tab.label} {...tab.link} activeOptions={{ exact: true }} className={classes['tab']} activeProps={{ 'aria-current': 'page' }}>
          {tab.label}
        </Link>
      ))}
    </nav>
  );
}
