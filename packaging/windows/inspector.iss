; Installer for Windows (Inno Setup 6.3 or newer): per user, no administrator's rights, Chinese text.
; NOT TRIED: it was written on Linux; no Windows was there to build or run it. Made on Windows by
;   python packaging\bundle.py bundle
;   iscc packaging\windows\inspector.iss
; ChineseSimplified.isl is one of Inno Setup's translations; where it is missing, put it beside the others.
; Data lie in %LOCALAPPDATA%\inspector and are never touched by removal.
#define Name "档案行政检查"
#define Version "0.1.0"

[Setup]
AppId={{7B0C5D1E-5E0B-4C3B-9A52-0E8C2B1F6A44}
AppName={#Name}
AppVersion={#Version}
DefaultDirName={localappdata}\Programs\inspector-app
DefaultGroupName={#Name}
PrivilegesRequired=lowest
ArchitecturesAllowed=x64compatible
ArchitecturesInstallIn64BitMode=x64compatible
OutputDir=..\..\dist
OutputBaseFilename=inspector-app-{#Version}-setup
UninstallDisplayName={#Name}
UninstallDisplayIcon={app}\inspector-app.exe
ChangesAssociations=yes
DisableProgramGroupPage=yes
SolidCompression=yes

[Languages]
Name: "zh"; MessagesFile: "compiler:Languages\ChineseSimplified.isl"

[Files]
Source: "..\..\dist\inspector-app\inspector-app.exe"; DestDir: "{app}"
Source: "..\..\dist\inspector-app\inspector-app-console.exe"; DestDir: "{app}"
Source: "..\..\dist\inspector-app\_internal\*"; DestDir: "{app}\_internal"; Flags: recursesubdirs
Source: "..\..\dist\inspector-app\licences\*"; DestDir: "{app}\licences"; Flags: recursesubdirs
Source: "..\..\dist\inspector-app\LICENSE"; DestDir: "{app}"
Source: "..\..\dist\inspector-app\LICENCES.md"; DestDir: "{app}"
Source: "..\..\dist\inspector-app\sbom.cdx.json"; DestDir: "{app}"
Source: "..\..\dist\inspector-app\SHA256SUMS"; DestDir: "{app}"

[InstallDelete]
; What an older version left in the program's own folder; nothing of a person lies there.
Type: filesandordirs; Name: "{app}\_internal"

[Icons]
Name: "{userprograms}\{#Name}"; Filename: "{app}\inspector-app.exe"
Name: "{userdesktop}\{#Name}"; Filename: "{app}\inspector-app.exe"

[Registry]
; An exported record is a ZIP: offered as one more way to open it, taken from nobody.
Root: HKCU; Subkey: "Software\Classes\Inspector.Record"; ValueType: string; ValueData: "执法全过程记录"; Flags: uninsdeletekey
Root: HKCU; Subkey: "Software\Classes\Inspector.Record\shell\open\command"; ValueType: string; ValueData: "cmd /k """"{app}\inspector-app-console.exe"" verify ""%1"""""
Root: HKCU; Subkey: "Software\Classes\.zip\OpenWithProgids"; ValueType: string; ValueName: "Inspector.Record"; ValueData: ""; Flags: uninsdeletevalue

[Run]
Filename: "{app}\inspector-app.exe"; Description: "打开{#Name}"; Flags: nowait postinstall skipifsilent
