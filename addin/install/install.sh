#!/bin/sh
# Installs regulars for you alone, on a Mac with nothing on it: uv, the program, and the button in Excel. No password is asked.
#
#   sh install.sh [FILE.whl] [--uv-installer URL]
#
# FILE.whl: the file that you were given; without it, the one beside this script.
# URL: the address of uv's own installer, for a machine without Homebrew. Nothing is downloaded from an address that you did not give.
set -eu

here=$(cd "$(dirname "$0")" && pwd)
wheel=
installer=

stop() {
  printf 'Not installed: %s\nTo do: %s\n' "$1" "$2" >&2
  exit 1
}

while [ $# -gt 0 ]; do
  case $1 in
    --uv-installer)
      [ $# -gt 1 ] || stop "--uv-installer needs an address." "Add the address of uv's installer behind it."
      installer=$2
      shift 2
      ;;
    -*) stop "the option '$1' is not known." "Call: sh install.sh [FILE.whl] [--uv-installer URL]" ;;
    *)
      wheel=$1
      shift
      ;;
  esac
done

if [ -z "$wheel" ]; then
  for found in "$here"/regulars-*.whl; do
    [ -f "$found" ] || stop "there is no file regulars-....whl beside this script." "Put it there, or name it: sh install.sh FILE.whl"
    [ -z "$wheel" ] || stop "there are several files regulars-....whl beside this script." "Name one: sh install.sh FILE.whl"
    wheel=$found
  done
fi
[ -f "$wheel" ] || stop "there is no file '$wheel'." "Check the name."

find_uv() {
  for place in "$(command -v uv || true)" "$HOME/.local/bin/uv" /opt/homebrew/bin/uv /usr/local/bin/uv; do
    if [ -n "$place" ] && [ -x "$place" ]; then
      printf '%s\n' "$place"
      return
    fi
  done
}

uv=$(find_uv)
if [ -z "$uv" ]; then
  if [ -n "$installer" ]; then
    script=$(mktemp)
    trap 'rm -f "$script"' EXIT
    curl --proto '=https' --fail --silent --show-error --location --output "$script" "$installer" ||
      stop "uv's installer could not be fetched." "Check the address and the connection."
    sh "$script"
  elif command -v brew >/dev/null; then
    brew install uv
  else
    stop "uv is needed, and there is no Homebrew to install it with." \
      "Install uv as its site says, or give the address of its installer: sh install.sh --uv-installer URL"
  fi
  uv=$(find_uv)
  [ -n "$uv" ] || stop "uv was installed and is not found." "Open a new window and try again."
fi

# A Python of uv's own: others vanish with updates, and Excel does not see what that of the Microsoft Store writes.
"$uv" tool install --force --python-preference only-managed --python '>=3.11,<3.14' "$wheel"
regulars=$("$uv" tool dir --bin)/regulars
[ -x "$regulars" ] || stop "the program is not at '$regulars'." "Run 'uv tool install $wheel' and read what it says."

if [ "$(uname)" = Darwin ]; then
  "$regulars" addin install
else
  printf 'There is no Excel for this system. In LibreOffice: regulars live --libreoffice ORDERS.xlsx\n'
fi
printf 'The program is at %s\n' "$regulars"
