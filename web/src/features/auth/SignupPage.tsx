export default function SignupPage() {
  return <main>SignupPage</main>;
}
