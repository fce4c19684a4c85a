"""Judging the image of a post: whether its network takes it, and what stands beside it for who cannot see it."""

from functools import partial

from veilleuse.domain.case import Case
from veilleuse.domain.content import Severity
from veilleuse.domain.network import NetworkSpec
from veilleuse.domain.phrases import size
from veilleuse.domain.post import Image
from veilleuse.domain.written import Wrong
from veilleuse.language import each_language, sentence


def judge_image(case: Case, image: Image | Wrong | None, alt: str | None, spec: NetworkSpec) -> None:
    """`image`: what was found behind the key `image`."""
    if isinstance(image, Wrong):
        case.refuse("image", image.message, image.remedy)
    elif image is None:
        if alt:
            case.say(
                Severity.WARNING,
                "alt",
                sentence("There is an alternative text, but no image."),
                sentence("Name the image."),
            )
    elif not spec.image_types:
        case.refuse(
            "image",
            sentence("{title} takes no image here.", title=spec.title),
            sentence("Take the image out for this account."),
        )
    elif image.size > spec.image_max_bytes:
        case.refuse(
            "image",
            sentence(
                "{name} is too large for {title}: {size}, at most {most}.",
                name=image.name,
                title=spec.title,
                size=each_language(partial(size, image.size)),
                most=each_language(partial(size, spec.image_max_bytes)),
            ),
            sentence("Save it smaller."),
        )
    elif image.media_type not in spec.image_types:
        kinds = ", ".join(sorted(each.removeprefix("image/").upper() for each in spec.image_types))
        what = image.media_type.removeprefix("image/").upper() or sentence("no picture known here")
        case.refuse(
            "image",
            sentence(
                "{name} is {what}; {title} takes {kinds}.",
                name=image.name,
                what=what,
                title=spec.title,
                kinds=kinds,
            ),
            sentence("Save it as one of these."),
        )
    elif not alt:
        case.say(
            Severity.WARNING,
            "image",
            sentence("{name} has no alternative text: people who cannot see it learn nothing.", name=image.name),
            sentence("Say in `alt` what it shows."),
        )
    if alt and len(alt) > spec.alt_max:
        case.refuse(
            "alt",
            sentence(
                "The alternative text has {count} characters, at most {most}.",
                count=len(alt),
                most=spec.alt_max,
            ),
            sentence("Shorten it."),
        )
