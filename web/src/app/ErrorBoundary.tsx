import { Component, type ReactNode } from 'react';

interface Props {
  /** Another place is another try. */
  place: string;
  fallback: (error: unknown) => ReactNode;
  children: ReactNode;
}

/** Shows `fallback` for what its children threw. React has no hook for it. */
export class ErrorBoundary extends Component<Props, { failed?: { error: unknown } }> {
  override state: { failed?: { error: unknown } } = {};

  static getDerivedStateFromError(error: unknown) {
    return { failed: { error } };
  }

  override componentDidUpdate(before: Props) {
    if (before.place !== this.props.place && this.state.failed) {
      this.setState({ failed: undefined });
    }
  }

  override render() {
    const { failed } = this.state;
    return failed ? this.props.fallback(failed.error) : this.props.children;
  }
}
