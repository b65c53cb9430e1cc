using System.Text;

namespace DataIngestion.Observe.Settings;

/// <summary>The table of <c>docs/settings.md</c>.</summary>
internal static class SettingsPage
{
    public static string Table()
    {
        var text = new StringBuilder("| setting | apps | without it | means |\n|---|---|---|---|\n");
        foreach (var setting in SettingCatalogue.All)
        {
            var apps = setting.Apps is Apps.Both ? "both" : setting.Apps.ToString().ToLowerInvariant();
            text.Append("| `").Append(setting.Name).Append("` | ").Append(apps).Append(" | ").Append(setting.Default).Append(" | ").Append(setting.Meaning).Append(" |\n");
        }

        return text.ToString();
    }
}
