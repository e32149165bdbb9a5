import type { Permission } from "@yingda/api";
import { useTranslation } from "@yingda/i18n";
import { Checkbox } from "@yingda/ui";

export interface PermissionMatrixProps {
  all: Permission[];
  chosen: string[];
  onChange: (chosen: string[]) => void;
  readOnly?: boolean;
}

/** Every permission by group; a group's box takes all of it or none. */
export function PermissionMatrix({ all, chosen, onChange, readOnly }: PermissionMatrixProps) {
  const groups = [...new Set(all.map(({ group }) => group))];
  const group = usePermissionGroup();
  const name = usePermissionName();
  return (
    <div className="flex flex-col gap-3">
      {groups.map((each) => {
        const names = all.filter((permission) => permission.group === each).map((permission) => permission.name);
        const held = names.filter((permission) => chosen.includes(permission));
        const others = chosen.filter((permission) => !names.includes(permission));
        return (
          <fieldset key={each} className="rounded-lg border">
            <legend className="sr-only">{group(each)}</legend>
            <div className="border-b bg-raise px-3 py-2 font-medium">
              <Checkbox
                checked={held.length === names.length ? true : held.length > 0 ? "indeterminate" : false}
                disabled={readOnly}
                onChange={(on) => onChange(on ? [...others, ...names] : others)}
                label={
                  <>
                    {group(each)} <span className="num ml-1 text-xs font-normal text-faint">{`${held.length} / ${names.length}`}</span>
                  </>
                }
              />
            </div>
            <div className="grid gap-x-4 gap-y-2 px-3 py-2.5 sm:grid-cols-2">
              {names.map((permission) => (
                <Checkbox
                  key={permission}
                  checked={chosen.includes(permission)}
                  disabled={readOnly}
                  onChange={(on) => onChange(on ? [...chosen, permission] : chosen.filter((held) => held !== permission))}
                  label={name(permission)}
                  hint={<code className="font-mono text-2xs">{permission}</code>}
                />
              ))}
            </div>
          </fieldset>
        );
      })}
    </div>
  );
}

/** Names permissions in the reader's language; one we have no word for keeps its own. */
export function usePermissionName(): (permission: string) => string {
  const { t } = useTranslation();
  return (permission) => t(`settings.permission.${permission.replaceAll(".", "_")}` as "settings.permission.case_read", { defaultValue: permission });
}

function usePermissionGroup(): (group: string) => string {
  const { t } = useTranslation();
  return (group) => t(`settings.permission_group.${group}` as "settings.permission_group.case", { defaultValue: group });
}
