"""Refusals of the identity room."""

from event_manager.kit.errors import Conflict, Forbidden, Gone, Invalid, TooManyRequests, Unauthenticated


class WrongCredentials(Unauthenticated):
    """E-mail address or password is wrong."""


class WrongCode(Invalid):
    """This code is wrong, used already, or too old."""


class SignInExpired(Unauthenticated):
    """This sign-in was not finished in time; start again."""


class SignInLocked(TooManyRequests):
    """Too many failed attempts; wait."""


class ForeignOrigin(Forbidden):
    """This request came from another site's page."""


class PersonNeeded(Forbidden):
    """An API key cannot do this; a person has to."""


class WeakPassword(Invalid):
    """This password is too easy to guess."""


class WrongPassword(Invalid):
    """The present password is wrong."""


class EmailTaken(Conflict):
    """Somebody with this e-mail address has an account."""


class AccountDisabled(Conflict):
    """This account is closed."""


class LinkUsedUp(Gone):
    """This link has been used, has expired, or was withdrawn."""


class SecondFactorOn(Conflict):
    """The second factor is on already."""


class SecondFactorOff(Conflict):
    """The second factor is not on."""


class LastAdmin(Conflict):
    """An organisation needs at least one admin."""


class RankTooLow(Forbidden):
    """You may give and take only roles below your own."""


class AlreadyMember(Conflict):
    """This person is a member already."""


class WrongAccount(Forbidden):
    """This invitation was sent to another e-mail address."""
