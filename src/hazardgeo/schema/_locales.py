"""How numbers and numeric dates are written in the languages of the field, by locale code."""

from __future__ import annotations

import re

from hazardgeo.errors import HazardgeoError
from hazardgeo.schema._spelling import Spelling
from hazardgeo.sources import Grade, Source

SOURCE = Source(
    "Unicode CLDR 47, as read through Babel 2.18.0: decimal and group marks of the Latin digits, order of day, month and "
    "year in the short date",
    Grade.READ,
)
NO_DATES_SOURCE = Source(
    "hazardgeo design choice: no date order for en, which names no country, nor where registers may count years in another "
    "calendar (Afghanistan, Iran, Saudi Arabia, Thailand, and Pashto and Persian in general)",
    Grade.ASSUMED,
)

# decimal mark, mark between thousands (a space is any space), order of numeric dates, codes
_ROWS = (
    (".", ",", "", "en"),
    (".", ",", "dmy", "en-AU en-GB en-GH en-IE en-IL en-KE en-MT en-NG en-NZ en-PK en-RW en-SD en-SS en-UG en-ZM en-ZW"),
    (".", ",", "mdy", "en-PH es-PA"),
    (".", ",", "ymd", "en-CA"),
    (",", " ", "ymd", "en-ZA"),
    (",", ".", "dmy", "hr hr-BA hr-HR sr sr-BA sr-ME sr-RS sr-XK cnr cnr-ME me bs bs-BA sl sl-SI mk mk-MK"),
    (",", " ", "dmy", "sq sq-AL sq-MK sq-XK"),
    (",", ".", "dmy", "de de-AT de-BE de-DE de-IT de-LU it it-IT it-SM"),
    (".", "'", "dmy", "de-CH de-LI it-CH"),
    (",", " ", "dmy", "fr fr-BE fr-BF fr-BI fr-CD fr-CF fr-CH fr-CI fr-CM fr-DJ fr-DZ fr-FR fr-MA fr-ML fr-MR fr-NE "
     "fr-RW fr-SN fr-SY fr-TD fr-TN"),
    (",", " ", "dmy", "ru ru-BY ru-KG ru-KZ ru-MD ru-RU ru-UA uk uk-UA kk kk-KZ ky ky-KG tg tg-TJ uz uz-UZ tk tk-TM"),
    (",", ".", "dmy", "az az-AZ tr tr-CY tr-TR"),
    (",", " ", "dmy", "hy hy-AM ka ka-GE"),
    (".", ",", "", "fa fa-AF fa-IR prs prs-AF"),
    (",", ".", "", "ps ps-AF ps-PK uz-AF"),
    (".", ",", "dmy", "ar ar-AE ar-BH ar-DJ ar-EG ar-EH ar-IQ ar-JO ar-KW ar-OM ar-PS ar-QA ar-SD ar-SO ar-SY ar-TD ar-YE"),
    (".", ",", "", "ar-SA"),
    (",", ".", "dmy", "ar-DZ ar-LB ar-LY ar-MA ar-MR ar-TN"),
    (".", ",", "", "th th-TH"),
    (".", ",", "dmy", "km km-KH"),
    (",", ".", "dmy", "lo lo-LA vi vi-VN"),
    (",", ".", "dmy", "es es-AR es-BO es-CL es-CO es-EC es-ES es-PY es-UY es-VE"),
    (".", ",", "dmy", "es-419 es-CU es-DO es-GT es-HN es-MX es-NI es-PE es-SV"),
    (",", " ", "dmy", "es-CR"),
    (",", ".", "dmy", "pt pt-BR"),
    (",", " ", "dmy", "pt-AO pt-CV pt-GW pt-MZ pt-PT pt-TL"),
)  # fmt: skip
LOCALES = {code: (decimal, group, order) for decimal, group, order, codes in _ROWS for code in codes.split()}
_FORMATS = {
    # Whatever mark stands between: the language fixes the order. Some languages end a date with a full stop.
    "dmy": ("%d.%m.%Y", "%d/%m/%Y", "%d-%m-%Y", "%d.%m.%Y.", "%d. %m. %Y", "%d. %m. %Y."),
    "mdy": ("%m/%d/%Y", "%m-%d-%Y", "%m.%d.%Y"),
    "ymd": ("%Y/%m/%d", "%Y.%m.%d", "%Y-%m-%d"),
    "": (),
}


def spelling_of(locale: str) -> Spelling:
    """Say how numbers and numeric dates are written in a language, or in a language of a country.

    Parameters
    ----------
    locale : str
        Such as ``hr`` or ``pt-MZ``. A language alone is taken as CLDR takes it (``es`` as in Spain, ``pt`` as in Brazil):
        where countries differ, name the country.

    Returns
    -------
    Spelling
        Dates are read in the order of the language, years in four digits. ``en`` alone gives no date order, because
        countries differ; nor do languages of countries whose registers may count years in another calendar.

    Raises
    ------
    HazardgeoError
        If the locale is not known; the message lists those that are.

    References
    ----------
    Unicode CLDR 47, https://cldr.unicode.org, as read through Babel 2.18.0.

    Examples
    --------
    >>> spelling_of("hr").decimal, spelling_of("hr").group
    (',', '.')
    >>> spelling_of("en").dates
    ()
    """
    language, *rest = re.split(r"[-_]", locale.strip().partition(".")[0])
    # The script, such as Cyrl, changes the letters and none of these marks.
    code = "-".join([language.casefold(), *(part.upper() for part in rest if len(part) != 4)])
    if code not in LOCALES:
        raise HazardgeoError(f"There is no locale {locale!r}. Use one of {', '.join(sorted(LOCALES))}.")
    decimal, group, order = LOCALES[code]
    return Spelling(decimal, group, _FORMATS[order])
