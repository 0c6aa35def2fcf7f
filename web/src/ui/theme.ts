import {
  createTheme, defaultVariantColorsResolver, type CSSVariablesResolver, type MantineColorsTuple, type VariantColorsResolver,
} from '@mantine/core';

const brand: MantineColorsTuple = [
  '#eef0fe', '#dfe2fc', '#bec4f8', '#9aa3f2', '#7b86ec', '#606ce4', '#4753d3', '#3a45b6', '#303995', '#262d76',
];
const gray: MantineColorsTuple = [
  '#f7f8fb', '#f0f2f7', '#e4e8ef', '#d3d9e3', '#b4bdcb', '#8d99ac', '#657287', '#485466', '#2d3746', '#18202d',
];
const dark: MantineColorsTuple = [
  '#e6eaf1', '#c0c8d5', '#9ba7b8', '#727e92', '#353e4e', '#29313f', '#1c222d', '#12171f', '#0e1219', '#0a0d12',
];

/** Light and outline variants in Mantine's own shades fall short of 4.5:1; one shade further holds in both schemes. */
const variantColorResolver: VariantColorsResolver = (input) => {
  const colours = defaultVariantColorsResolver(input);
  const name = input.color ?? input.theme.primaryColor;
  if (!(name in input.theme.colors)) return colours;
  const text = `light-dark(color-mix(in srgb, var(--mantine-color-${name}-9) 70%, black), var(--mantine-color-${name}-2))`;
  if (input.variant === 'light') {
    const quiet = name === 'gray' ? 'light-dark(var(--mantine-color-gray-2), var(--mantine-color-dark-5))' : `light-dark(var(--mantine-color-${name}-0), color-mix(in srgb, var(--mantine-color-${name}-9) 45%, transparent))`;
    return { ...colours, color: text, background: quiet };
  }
  return ['subtle', 'outline', 'transparent'].includes(input.variant) ? { ...colours, color: text } : colours;
};

export const cssVariablesResolver: CSSVariablesResolver = () => ({
  variables: {},
  light: {
    '--mantine-color-dimmed': 'var(--mantine-color-gray-7)',
    '--mantine-color-placeholder': '#667389',
    '--mantine-color-error': '#c22525',
    '--mantine-color-body': '#ffffff',
    '--mantine-color-anchor': 'var(--mantine-color-brand-7)',
    '--em-canvas': 'var(--mantine-color-gray-0)',
    '--em-line': 'var(--mantine-color-gray-2)',
    '--em-raised': '#ffffff',
  },
  dark: {
    '--mantine-color-dimmed': 'var(--mantine-color-dark-2)',
    '--mantine-color-placeholder': '#8a95a7',
    '--mantine-color-error': '#ff9a9a',
    '--mantine-color-anchor': 'var(--mantine-color-brand-3)',
    '--em-canvas': 'var(--mantine-color-dark-8)',
    '--em-line': 'var(--mantine-color-dark-5)',
    '--em-raised': 'var(--mantine-color-dark-7)',
  },
});

const inputs = { defaultProps: { size: 'md' } };

// Plain objects, not Component.extend(): naming the components here would load all of them with the first page.
export const theme = createTheme({
  colors: { brand, gray, dark },
  primaryColor: 'brand',
  primaryShade: { light: 6, dark: 6 },
  variantColorResolver,
  fontFamily: "'Inter Variable', system-ui, sans-serif",
  fontFamilyMonospace: 'ui-monospace, SFMono-Regular, Menlo, Consolas, monospace',
  headings: {
    fontWeight: '650',
    textWrap: 'balance',
    sizes: {
      h1: { fontSize: '1.625rem', lineHeight: '1.25' },
      h2: { fontSize: '1.25rem', lineHeight: '1.35' },
      h3: { fontSize: '1.0625rem', lineHeight: '1.4' },
      h4: { fontSize: '0.9375rem', lineHeight: '1.45' },
    },
  },
  defaultRadius: 'md',
  radius: { xs: '0.25rem', sm: '0.375rem', md: '0.5rem', lg: '0.75rem', xl: '1rem' },
  shadows: {
    xs: '0 1px 2px rgb(16 24 40 / 0.05)',
    sm: '0 1px 3px rgb(16 24 40 / 0.08), 0 1px 2px rgb(16 24 40 / 0.04)',
    md: '0 6px 16px -4px rgb(16 24 40 / 0.12)',
  },
  cursorType: 'pointer',
  respectReducedMotion: true,
  components: {
    TextInput: inputs,
    PasswordInput: inputs,
    Select: { defaultProps: { size: 'md', allowDeselect: false } },
    Textarea: { defaultProps: { size: 'md', autosize: true, minRows: 2 } },
    Input: inputs,
    InputWrapper: { defaultProps: { size: 'sm' } },
    Button: { defaultProps: { size: 'sm' } },
    Card: { defaultProps: { withBorder: true, padding: 'lg', radius: 'lg' } },
    Badge: { defaultProps: { variant: 'light', radius: 'sm', tt: 'none', fw: 600 } },
    // A dialog's heading is no second banner of the page; a menu holds menu items only, so its first one takes the focus.
    Modal: {
      defaultProps: { centered: true, radius: 'lg', closeButtonProps: { 'aria-label': 'Close' }, attributes: { header: { role: 'presentation' } } },
    },
    Menu: { defaultProps: { withInitialFocusPlaceholder: false } },
    Notification: { defaultProps: { closeButtonProps: { 'aria-label': 'Dismiss' } } },
    Table: { defaultProps: { verticalSpacing: 'sm', horizontalSpacing: 'md' } },
    Alert: { defaultProps: { radius: 'md' } },
    Title: { defaultProps: { order: 2 } },
    Tabs: { defaultProps: { keepMounted: false } },
    Tooltip: { defaultProps: { withArrow: true, openDelay: 300 } },
    NavLink: { defaultProps: { variant: 'light' }, styles: { root: { borderRadius: 'var(--mantine-radius-md)', marginBottom: 2 } } },
    Loader: { defaultProps: { type: 'oval' } },
    Progress: { defaultProps: { radius: 'xl' } },
    Checkbox: { defaultProps: { size: 'sm' } },
    SegmentedControl: { defaultProps: { radius: 'md' } },
  },
});
