const never = async (): Promise<never> => {
  throw new Error('this run goes back nowhere');
};

/** The ports of the modes that go back, for runs that must not ask them. */
export const nowhereBack = { fleet: never, settings: never, proxies: never } as const;
