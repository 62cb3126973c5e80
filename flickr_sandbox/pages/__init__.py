"""The pages of the sandbox: photos, people, sets, galleries, groups and places, and consent."""
