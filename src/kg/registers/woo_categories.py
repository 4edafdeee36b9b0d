"""The kinds of information that the Wet open overheid has made public, as TOOI names them.

From value list scw_woo_informatiecategorieen/3; the Woo-index writes the names in the plural and with capitals.
"""

import pyoxigraph as ox

_THESAURUS = "https://identifier.overheid.nl/tooi/def/thes/kern/"
_CATEGORIES = {
    "wetten en algemeen verbindende voorschriften": "c_139c6280",
    "overige besluiten van algemene strekking": "c_aab6bfc7",
    "ontwerpen van wet- en regelgeving met adviesaanvraag": "c_759721e2",
    "organisatie en werkwijze": "c_40a05794",
    "bereikbaarheidsgegevens": "c_89ee6784",
    "bij vertegenwoordigende organen ingekomen stukken": "c_8c840238",
    "vergaderstukken staten-generaal": "c_c76862ab",
    "vergaderstukken decentrale overheden": "c_db4862c3",
    "agenda's en besluitenlijsten bestuurscolleges": "c_3a248e3a",
    "adviezen": "c_99a836c7",
    "convenanten": "c_8fc2335c",
    "jaarplannen en jaarverslagen": "c_c6cd1213",
    "subsidieverplichtingen anders dan met beschikking": "c_cf268088",
    "woo-verzoeken en -besluiten": "c_3baef532",
    "onderzoeksrapporten": "c_fdaee95e",
    "beschikkingen": "c_46a81018",
    "klachtoordelen": "c_a870c43d",
    "inspanningsverplichting art 3.1 woo": "c_816e508d",
}


def category(name: str) -> ox.NamedNode | None:
    """The kind of this name; None for another name."""
    found = _CATEGORIES.get(" ".join(name.lower().replace("\N{RIGHT SINGLE QUOTATION MARK}", "'").split()))
    return ox.NamedNode(_THESAURUS + found) if found else None
