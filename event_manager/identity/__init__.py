"""Who acts: users, memberships, sessions, keys, second factors."""
