import {
  BookOpen,
  Code,
  Command,
  Keyboard,
  LogOut,
  Monitor,
  Moon,
  Plus,
  Settings,
  Sun,
  UserRound,
} from 'lucide-react';
import { asProblem } from '@/api/problem';
import { setTheme, useTheme } from '@/lib/theme';
import { MOD } from '@/lib/shortcuts';
import { navigate } from '@/router/history';
import { logOut, switchOrganization } from '@/session/session';
import { useMe } from '@/session/useMe';
import { Avatar } from '@/ui/Avatar';
import { Kbd } from '@/ui/Kbd';
import type { MenuEntry } from '@/ui/Menu';
import { toast } from '@/ui/toast';

/** Switches and goes to the overview, since what was open belongs to the organisation left behind. */
export function useSwitchOrganization() {
  return async (id: string, name: string) => {
    try {
      await switchOrganization(id);
      await navigate({ to: '/' });
      toast(`You are now in ${name}.`);
    } catch (error) {
      toast(asProblem(error).message, { tone: 'danger' });
    }
  };
}

export function useOrganizationMenu(onNew: () => void): MenuEntry[] {
  const { organization, organizations } = useMe();
  const switchTo = useSwitchOrganization();
  return [
    { heading: 'Organisations' },
    ...organizations.map((item) => ({
      label: item.name,
      icon: <Avatar name={item.name} size={22} square />,
      checked: item.id === organization.id,
      onSelect: () => {
        if (item.id !== organization.id) void switchTo(item.id, item.name);
      },
    })),
    { label: 'New organisation', icon: <Plus aria-hidden />, onSelect: onNew },
    'separator',
    {
      label: 'Organisation settings',
      icon: <Settings aria-hidden />,
      to: '/settings/organization',
    },
  ];
}

export function useUserMenu({
  onHelp,
  onPalette,
}: {
  onHelp: () => void;
  onPalette: () => void;
}): MenuEntry[] {
  const { user } = useMe();
  const theme = useTheme();
  const leave = async () => {
    try {
      await logOut();
    } catch (error) {
      toast(asProblem(error).message, { tone: 'danger' });
    }
  };
  return [
    { heading: user.email },
    { label: 'Profile and password', icon: <UserRound aria-hidden />, to: '/settings/profile' },
    {
      label: 'Find anything',
      icon: <Command aria-hidden />,
      note: <Kbd keys={`${MOD} K`} />,
      onSelect: onPalette,
    },
    {
      label: 'Keyboard shortcuts',
      icon: <Keyboard aria-hidden />,
      note: <Kbd keys="?" />,
      onSelect: onHelp,
    },
    { label: 'What networks take', icon: <BookOpen aria-hidden />, to: '/networks' },
    { label: 'API reference', icon: <Code aria-hidden />, href: '/api/docs' },
    'separator',
    { heading: 'Theme' },
    {
      label: 'As the system',
      icon: <Monitor aria-hidden />,
      checked: theme === 'system',
      onSelect: () => setTheme('system'),
    },
    {
      label: 'Light',
      icon: <Sun aria-hidden />,
      checked: theme === 'light',
      onSelect: () => setTheme('light'),
    },
    {
      label: 'Dark',
      icon: <Moon aria-hidden />,
      checked: theme === 'dark',
      onSelect: () => setTheme('dark'),
    },
    'separator',
    { label: 'Log out', icon: <LogOut aria-hidden />, onSelect: () => void leave() },
  ];
}
