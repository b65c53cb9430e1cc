metadata name = 'Workbooks'
metadata description = 'The four dashboards.'

import { tagSet } from '../../types.bicep'

@description('Required. What names begin with.')
#disable-next-line no-unused-params
param prefix string

@description('Required. Region.')
#disable-next-line no-unused-params
param location string

@description('Required. Tags of every resource.')
#disable-next-line no-unused-params
param tags tagSet

@description('Required. The workspace that the workbooks query.')
#disable-next-line no-unused-params
param workspaceId string

@description('Required. The Application Insights component.')
#disable-next-line no-unused-params
param componentId string
