"""Who is asking, one view base a dialect: sign in, ask the policy, fire the verb."""
