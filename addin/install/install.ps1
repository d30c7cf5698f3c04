<#
.SYNOPSIS
Installs regulars for you alone, on Windows with nothing on it: uv, the program, and the button in Excel. No administrator is needed.
.DESCRIPTION
Open PowerShell in the folder with this script and the file that you were given, and type:
    powershell -ExecutionPolicy Bypass -File install.ps1
.PARAMETER Wheel
The file that you were given; without it, the one beside this script.
.PARAMETER UvInstaller
The address of uv's own installer script, for a machine without winget. Nothing is downloaded from an address that you did not give.
#>
param([string]$Wheel = "", [string]$UvInstaller = "")

Set-StrictMode -Version 2
$ErrorActionPreference = "Stop"

function Stop-Here([string]$What, [string]$Remedy) {
    Write-Host "Not installed: $What"
    Write-Host "To do: $Remedy"
    exit 1
}

function Find-Uv {
    $found = Get-Command uv -CommandType Application -ErrorAction SilentlyContinue | Select-Object -First 1
    if ($found) { return $found.Path }
    # A window that is open already does not see what was added to the path since.
    foreach ($place in @("$env:LOCALAPPDATA\Microsoft\WinGet\Links\uv.exe", "$env:USERPROFILE\.local\bin\uv.exe")) {
        if (Test-Path -LiteralPath $place) { return $place }
    }
    return ""
}

if (-not $Wheel) {
    $files = @(Get-ChildItem -LiteralPath $PSScriptRoot -Filter "regulars-*.whl")
    if ($files.Count -eq 0) { Stop-Here "there is no file regulars-....whl beside this script." "Put it there, or name it: -Wheel FILE.whl" }
    if ($files.Count -gt 1) { Stop-Here "there are several files regulars-....whl beside this script." "Name one: -Wheel FILE.whl" }
    $Wheel = $files[0].FullName
}
if (-not (Test-Path -LiteralPath $Wheel)) { Stop-Here "there is no file '$Wheel'." "Check the name." }

$uv = Find-Uv
if (-not $uv) {
    if ($UvInstaller) {
        if ($UvInstaller -notlike "https://*") { Stop-Here "the address of uv's installer does not begin with https://." "Check it." }
        $script = Join-Path ([IO.Path]::GetTempPath()) "uv-installer-$PID.ps1"
        try {
            Invoke-WebRequest -UseBasicParsing -Uri $UvInstaller -OutFile $script
            & powershell -NoProfile -ExecutionPolicy Bypass -File $script
        }
        finally { Remove-Item -LiteralPath $script -ErrorAction SilentlyContinue }
    }
    elseif (Get-Command winget -ErrorAction SilentlyContinue) {
        & winget install --exact --id astral-sh.uv --scope user --accept-source-agreements --accept-package-agreements
    }
    else {
        Stop-Here "uv is needed, and there is no winget to install it with." "Install uv as its site says, or give the address of its installer: -UvInstaller URL"
    }
    $uv = Find-Uv
    if (-not $uv) { Stop-Here "uv was installed and is not found." "Open a new window and try again." }
}

# A Python of uv's own: others vanish with updates, and Excel does not see what that of the Microsoft Store writes.
& $uv tool install --force --python-preference only-managed --python ">=3.11,<3.14" $Wheel
if ($LASTEXITCODE -ne 0) { Stop-Here "uv could not install '$Wheel'." "Read what it said above." }
$regulars = Join-Path (& $uv tool dir --bin) "regulars.exe"
if (-not (Test-Path -LiteralPath $regulars)) { Stop-Here "the program is not at '$regulars'." "Open a new window and try again." }

& $regulars addin install
if ($LASTEXITCODE -ne 0) { Stop-Here "the button could not be put into Excel." "Do what it said above, then run: regulars addin install" }
Write-Host "The program is at $regulars"
