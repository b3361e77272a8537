/** The server's password policy, told while typing. The server has the last word. */
export interface PasswordRule {
  label: string;
  met: boolean;
}

export function passwordRules(password: string, email = ''): PasswordRule[] {
  const local = email.split('@')[0]?.trim().toLowerCase() ?? '';
  return [
    { label: '8 characters or more', met: [...password].length >= 8 },
    { label: 'Upper and lower case', met: /\p{Lu}/u.test(password) && /\p{Ll}/u.test(password) },
    { label: 'A digit', met: /\p{Nd}/u.test(password) },
    { label: 'A special character', met: /[^\p{L}\p{Nd}]/u.test(password) },
    ...(local.length > 0
      ? [
          {
            label: 'Not your e-mail name',
            met: password !== '' && !password.toLowerCase().includes(local),
          },
        ]
      : []),
  ];
}
