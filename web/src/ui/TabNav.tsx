import { Link, type LinkProps } from '@tanstack/react-router';
import { useEffect, useRef } from 'react';
import classes from './TabNav.module.css';

export type Tab = Readonly<{ label: string; link: LinkProps }>;

/** The parts of one thing, each a page of its own: links that look like tabs. */
export function TabNav({ label, tabs }: { label: string; tabs: readonly Tab[] }) {
  const bar = useRef<HTMLElement>(null);
  // On a narrow screen the tabs scroll sideways; the present one is never out of sight.
  useEffect(() => {
    const here = bar.current?.querySelector<HTMLElement>('[aria-current]');
    if (bar.current && here && here.offsetLeft + here.offsetWidth > bar.current.offsetLeft + bar.current.clientWidth) bar.current.scrollLeft = here.offsetLeft - bar.current.offsetLeft;
  });
  return (
    <nav ref={bar} aria-label={label} className={classes['bar']}>
      {tabs.map((tab) => (
        <Link key={tab.label} {...tab.link} activeOptions={{ exact: true }} className={classes['tab']} activeProps={{ 'aria-current': 'page' }}>
          {tab.label}
        </Link>
      ))}
    </nav>
  );
}
