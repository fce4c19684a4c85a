"""The texts `veilleuse init` writes, in English and French. The drafts would harm nobody if approved as they are.

Their first line tells editors which keys there are.
"""

CONFIG = {
    "en": """\
#:schema $schema
# The whole configuration of veilleuse. Every key: docs/configuration.md. Judge it: veilleuse check

timezone = $timezone
language = $language

# Who is called when posts run out or something fails. An Apprise address: mailtos://..., slack://..., tgram://...
[people.$person]
notify = [$notify]

# One account: never silent for longer than max_silence, and never speaking outside its hours.
[accounts.$account]
network = $network
$keys
owner = "$person"
# max_silence = "7 days"
# hours = ["Mon-Fri 09:00-18:00"]
# holidays = "GB"

# Secrets do not stand here. veilleuse looks for them in these variables (or in files: see `veilleuse check`):
$secrets
""",
    "fr": """\
#:schema $schema
# Toute la configuration de veilleuse. Toutes les clés : docs/configuration.md. La vérifier : veilleuse check

timezone = $timezone
language = $language

# Qui est prévenu quand les messages s'épuisent ou qu'un envoi échoue. Une adresse Apprise : mailtos://..., slack://...
[people.$person]
notify = [$notify]

# Un compte : jamais muet plus longtemps que max_silence, et jamais bavard hors de ses heures.
[accounts.$account]
network = $network
$keys
owner = "$person"
# max_silence = "7 days"
# hours = ["Mon-Fri 09:00-18:00"]
# holidays = "FR"

# Les secrets ne sont pas ici. veilleuse les cherche dans ces variables (ou des fichiers : voir `veilleuse check`) :
$secrets
""",
}

DRAFTS = {
    "en": """\
#:schema $schema
# Short posts for the account $account, published from top to bottom: one each time it has been silent too long.
# Nothing is published before somebody approves it. To approve the whole file, remove the # from the next line;
# to approve a single post, write the same line under its text.
# approved_by = "$person"

[[post]]
text = "A question about what we do? Ask it here: a real person answers."

[[post]]
text = "What would you like to see more of on this account?"

# A reserve post is used only when nothing else is left, and may be used again after 90 days, in other words each time.
[[post]]
id = "welcome"
text = "New here? Tell us what brought you."
variants = { $network = ["New here? Tell us what brought you.", "Welcome! What are you looking for?"] }
reserve = true
max_uses = 2
""",
    "fr": """\
#:schema $schema
# Messages courts pour le compte $account, publiés de haut en bas : un seul chaque fois qu'il s'est tu trop longtemps.
# Rien n'est publié sans l'accord de quelqu'un. Pour approuver tout le fichier, ôtez le # de la ligne suivante ;
# pour n'approuver qu'un message, écrivez cette même ligne sous son texte.
# approved_by = "$person"

[[post]]
text = "Une question sur notre travail ? Posez-la ici : une vraie personne vous répond."

[[post]]
text = "Qu'aimeriez-vous voir plus souvent sur ce compte ?"

# Un message de réserve ne sert que quand il ne reste rien d'autre ; il ressert après 90 jours, en d'autres mots.
[[post]]
id = "bienvenue"
text = "Vous venez d'arriver ? Dites-nous ce qui vous amène."
variants = { $network = ["Vous venez d'arriver ? Dites-nous ce qui vous amène.", "Bienvenue ! Que cherchez-vous ?"] }
reserve = true
max_uses = 2
""",
}

# With the separator a spreadsheet program of that language writes. The last column is left empty: a draft.
SHEET = {
    "en": """\
id,text,link,image,alt,priority,reserve,not before,not after,approved by
behind-the-scenes,Which part of our work should we show you next?,,,,,,,,
""",
    "fr": """\
id;texte;lien;image;texte alternatif;priorité;réserve;pas avant;pas après;approuvé par
en-coulisses;Quelle partie de notre travail aimeriez-vous voir la prochaine fois ?;;;;;;;;
""",
}
