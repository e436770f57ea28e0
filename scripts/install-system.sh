#!/usr/bin/env bash
# Installs what the tests need beyond Python, on Debian and Ubuntu: a browser that turns the HTML
# report into a picture, fonts with Chinese characters, a spreadsheet that recalculates the
# workbook, and the Java (17 or later) that a Spark cluster runs on. Skips what is there. Where it
# cannot install, it says so and ends well: the tests that need the missing tool are then skipped
# with a reason.
set -euo pipefail

missing=()
command -v chromium >/dev/null || command -v chromium-browser >/dev/null ||
  command -v google-chrome >/dev/null || missing+=(chromium)
command -v fc-list >/dev/null && fc-list :lang=zh family 2>/dev/null | grep -q . ||
  missing+=(fontconfig fonts-noto-cjk)
command -v soffice >/dev/null || command -v libreoffice >/dev/null ||
  missing+=(libreoffice-calc-nogui)
java_version() {
  "${JAVA_HOME:+$JAVA_HOME/bin/}java" -version 2>&1 | sed -n 's/.* version "\([0-9]*\).*/\1/p'
}
[ "$(java_version || true)" -ge 17 ] 2>/dev/null || missing+=(default-jre-headless)

if [ ${#missing[@]} -eq 0 ]; then
  exit 0
fi

give_up() {
  echo "缺少 ${missing[*]}：$1 有关测试将跳过。" \
    "Missing: ${missing[*]}: $2 Tests that need them will be skipped." >&2
  exit 0
}

command -v apt-get >/dev/null || give_up "此系统没有 apt，请自行安装。" "there is no apt here; install them by hand."
as_root=()
if [ "$(id -u)" -ne 0 ]; then
  sudo -n true 2>/dev/null ||
    give_up "没有安装权限，请以管理员身份运行 scripts/install-system.sh。" \
      "no right to install; run scripts/install-system.sh as an administrator."
  as_root=(sudo -n)
fi

echo "安装 ${missing[*]} / Installing ${missing[*]}" >&2
apt() {
  "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive LC_ALL=C.UTF-8 \
    apt-get --quiet=2 -o Dpkg::Use-Pty=0 "$@" </dev/null >/dev/null
}
apt update || true
apt install --yes --no-install-recommends "${missing[@]}" ||
  give_up "apt 安装失败。" "apt could not install them."
