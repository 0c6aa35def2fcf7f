import { Anchor, Button, NavLink, type AnchorProps, type ButtonProps, type NavLinkProps } from '@mantine/core';
import { createLink } from '@tanstack/react-router';
import type { AnchorHTMLAttributes, Ref } from 'react';

type Html<Props> = Omit<AnchorHTMLAttributes<HTMLAnchorElement>, keyof Props> & { ref?: Ref<HTMLAnchorElement> };

/** A Mantine button, text link or navigation entry that is a typed link of the router. */
export const LinkButton = createLink((props: ButtonProps & Html<ButtonProps>) => <Button component="a" {...props} />);
export const TextLink = createLink((props: AnchorProps & Html<AnchorProps>) => <Anchor {...props} />);
export const MenuLink = createLink((props: NavLinkProps & Html<NavLinkProps>) => <NavLink component="a" {...props} />);
